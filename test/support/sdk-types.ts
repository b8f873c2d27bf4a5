import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A type that a vendor's SDK publishes for its wire format. */
export interface SdkType {
  module: string;
  /**
   * A TypeScript expression in which `sdk` is the module: `sdk.MessageCreateParamsStreaming`. `Wire<T>` is `T` with enums replaced by the text of
   * their members, as in JSON.
   */
  type: string;
  /** Fields that hold JSON Schema, which the type covers only partly: they are only checked to be objects. */
  schemaFields?: readonly string[] | undefined;
}

export interface TypedValue {
  value: unknown;
  type: SdkType;
}

const ROOT = join(import.meta.dirname, '../..');
const COMPILER = join(ROOT, 'node_modules/@typescript/native/bin/tsc');
const OPTIONS =
  '--target es2022 --lib es2023,dom --module nodenext --moduleResolution nodenext --types node --strict --skipLibCheck --noEmit --pretty false';
/** In a virtual folder next to the project's libraries. */
const FILE = 'test/support/sdk-values.ts';

const PRELUDE = `
export type Wire<T> = T extends string ? \`\${T}\` : T extends readonly (infer I)[] ? Wire<I>[] : T extends object ? { [K in keyof T]: Wire<T[K]> } : T;
declare function schema(value: object): any;
`;

/**
 * Returns the TypeScript compiler's errors for each value; an empty list if the type accepts it. Values are written as literals, so that a field that
 * the type does not name is an error. Throws if an SDK has no such type, because such a check would accept everything.
 */
export function typeFaults(values: readonly TypedValue[]): string[][] {
  const types = [...new Map(values.map(({ type }) => [typeKey(type), type])).entries()];
  const names = new Map(types.map(([key], index) => [key, `T${index}`]));
  const declarations = types.flatMap(([, { module, type }], index) => [
    `import type * as sdk${index} from ${JSON.stringify(module)};`,
    `export type T${index} = ${type.replaceAll(/\bsdk\./g, `sdk${index}.`)};`,
    `export const isKnown${index}: 0 extends 1 & T${index} ? false : true = true;`,
  ]);
  const constants = values.map(
    ({ value, type }, index) =>
      `export const v${index}: ${names.get(typeKey(type))} = ${literal(value, type.schemaFields ?? [])};`,
  );
  const start = `${PRELUDE}${declarations.join('\n')}\n`;
  const faults = values.map((): string[] => []);
  for (const { place, text } of diagnose(`${start}${constants.join('\n')}`)) {
    const index = place - start.split('\n').length + 1;
    if (index < 0) throw new Error(`an SDK has no such type: ${text}`);
    faults[index]!.push(text);
  }
  return faults;
}

function typeKey({ module, type }: SdkType): string {
  return `${module} ${type}`;
}

/** Returns the value on one line: the line number of a message identifies the value. */
function literal(value: unknown, schemaFields: readonly string[]): string {
  if (Array.isArray(value)) return `[${value.map((item) => literal(item, schemaFields)).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined';
  const fields = Object.entries(value).filter(([, held]) => held !== undefined);
  const written = fields.map(([name, held]) => {
    const text = literal(held, schemaFields);
    return `${/^[A-Za-z]\w*$/.test(name) ? name : JSON.stringify(name)}: ${schemaFields.includes(name) ? `schema(${text})` : text}`;
  });
  return `{ ${written.join(', ')} }`;
}

/** `place` is the line, from 0. This uses the native compiler because the SDKs have a thousand files. */
function diagnose(text: string): { place: number; text: string }[] {
  const folder = mkdtempSync(join(tmpdir(), 'orx-sdk-types-'));
  try {
    mkdirSync(join(folder, 'test/support'), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    writeFileSync(join(folder, FILE), text);
    const { status, stdout, stderr } = spawnSync(process.execPath, [COMPILER, ...OPTIONS.split(' '), FILE], {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: Infinity,
    });
    const messages = messagesOf(stdout);
    if ((status === 0) !== (messages.length === 0)) throw new Error(`the compiler ended with ${status}: ${stdout}${stderr}`);
    return messages;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A message begins with its location; any further lines are indented. */
function messagesOf(output: string): { place: number; text: string }[] {
  return output
    .split(/\n(?! )/)
    .filter((message) => message !== '')
    .map((message) => {
      const [, line, text] = /^test\/support\/sdk-values\.ts\((\d+),\d+\): error (TS\d+: [^]*)$/.exec(message) ?? [];
      if (line === undefined) throw new Error(`not about a value: ${message}`);
      return { place: Number(line) - 1, text: text! };
    });
}
