import { join } from 'node:path';
import ts from 'typescript';

/** A type that a vendor's SDK publishes for what goes over the wire. */
export interface SdkType {
  module: string;
  /**
   * A TypeScript expression in which `sdk` is the module: `sdk.MessageCreateParamsStreaming`. `Wire<T>` stands for `T` with the text of an
   * enum's members in place of the enum, which is what JSON holds.
   */
  type: string;
  /** Fields that hold JSON Schema, of which the type names only a part: all that is checked of them is that they are objects. */
  schemaFields?: readonly string[] | undefined;
}

export interface TypedValue {
  value: unknown;
  type: SdkType;
}

const ROOT = join(import.meta.dirname, '../..');
/** It is never written: the compiler host makes it up. */
const FILE = join(ROOT, 'test/support/sdk-values.ts');

const PRELUDE = `
export type Wire<T> = T extends string ? \`\${T}\` : T extends readonly (infer I)[] ? Wire<I>[] : T extends object ? { [K in keyof T]: Wire<T[K]> } : T;
declare function schema(value: object): any;
`;

/**
 * Returns what the TypeScript compiler says against each value, an empty list where its type accepts it. Values are written as literals, so
 * that a field that the type does not name is an error. Throws where an SDK has no such type: such a check would accept everything.
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

/** On one line: the number of a line tells which value a message is about. */
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

/** `place` is the line, from 0. */
function diagnose(text: string): { place: number; text: string }[] {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    types: ['node'],
    strict: true,
    skipLibCheck: true,
    noEmit: true,
  };
  const host = ts.createCompilerHost(options);
  host.getCurrentDirectory = () => ROOT;
  const { fileExists, getSourceFile, readFile } = host;
  host.fileExists = (name) => name === FILE || fileExists(name);
  host.readFile = (name) => (name === FILE ? text : readFile(name));
  host.getSourceFile = (name, version, ...rest) =>
    name === FILE ? ts.createSourceFile(name, text, version) : getSourceFile(name, version, ...rest);
  const program = ts.createProgram([FILE], options, host);
  const file = program.getSourceFile(FILE)!;
  return [
    ...program.getOptionsDiagnostics(),
    ...program.getSyntacticDiagnostics(file),
    ...program.getSemanticDiagnostics(file),
  ].map(({ messageText, start }) => ({
    place: file.getLineAndCharacterOfPosition(start ?? 0).line,
    text: ts.flattenDiagnosticMessageText(messageText, '\n'),
  }));
}
