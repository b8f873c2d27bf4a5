import { resolve } from 'node:path';
import { parse } from 'yaml';
import { usageError } from '../errors.ts';
import { type CommandDeclaration, placeholderOf } from './command-declaration.ts';

type Table = Readonly<Record<string, unknown>>;

const NAME = /^[A-Za-z][\w-]{0,63}$/;
const KEYS = new Set(['description', 'parameters', 'command', 'folder', 'timeout', 'output', 'env', 'read-only']);
/** Types of a parameter in the short form, such as `count: integer` or `path: string, a file`. */
const KINDS = new Set(['string', 'integer', 'number', 'boolean']);

/**
 * Returns the commands that a file declares in YAML, in a table `tools`. Relative folders are resolved against `folder`, the
 * folder of the file. Throws a usage error that names the file, the tool and the problem, also for unknown keys, so that a
 * mistyped limit is not silently ignored.
 */
export function parseDeclarations(text: string, file: string, folder: string): readonly CommandDeclaration[] {
  let value: unknown;
  try {
    value = parse(text, { maxAliasCount: 20 });
  } catch (error) {
    throw usageError(`${file} is not valid YAML: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`);
  }
  if (!isTable(value) || !isTable(value['tools']))
    throw usageError(`${file} declares no tools`, 'add a table "tools" (see docs/tools.md)');
  return Object.entries(value['tools']).map(([name, declared]) => {
    const fail = (what: string): never => {
      throw usageError(`${file}: the tool ${name} ${what}`);
    };
    if (!NAME.test(name)) fail('has an invalid name: use a letter first, then letters, digits, - and _, at most 64');
    return isTable(declared) ? declaration(name, declared, folder, fail) : fail('is not a table');
  });
}

function declaration(name: string, declared: Table, folder: string, fail: (what: string) => never): CommandDeclaration {
  for (const key of Object.keys(declared)) if (!KEYS.has(key)) fail(`has an unknown key: ${key}`);
  const { description, command, env = [], 'read-only': isReadOnly = false } = declared;
  if (typeof description !== 'string' || description.trim() === '') fail('has no description');
  if (!isTexts(command) || command.length === 0 || command[0] === '')
    fail('has no command: a list of the program and its arguments');
  if (!isTexts(env)) fail('has no list of names under env');
  if (typeof isReadOnly !== 'boolean') fail('must have true or false under read-only');
  const own = declared['folder'] ?? '.';
  if (typeof own !== 'string') fail('has no path under folder');
  const parameters = parametersOf(declared['parameters'], fail);
  checkPlaceholders(command as readonly string[], parameters, fail);
  return {
    name,
    description: description as string,
    parameters,
    command: command as unknown as [string, ...string[]],
    folder: resolve(folder, own as string),
    timeoutMs: limit(declared['timeout'], 'timeout', fail, 1000),
    maxBytes: limit(declared['output'], 'output', fail, 1),
    env: env as readonly string[],
    isReadOnly: isReadOnly as boolean,
  };
}

/**
 * Accepts a JSON Schema, or a short list of parameters: type, then after a comma the description; `?` after the name makes it
 * optional.
 */
function parametersOf(value: unknown, fail: (what: string) => never): Table {
  if (value === undefined || value === null) return { type: 'object', properties: {}, additionalProperties: false };
  if (!isTable(value)) return fail('has no table under parameters');
  if (value['type'] === 'object' && isTable(value['properties'])) return { additionalProperties: false, ...value };
  const properties = Object.entries(value).map(([key, kind]): [string, Table, boolean] => {
    const isOptional = key.endsWith('?');
    const name = isOptional ? key.slice(0, -1) : key;
    if (isTable(kind)) return [name, kind, isOptional];
    const [, type = '', description] = typeof kind === 'string' ? (/^\s*(\w+)\s*(?:,\s*(.*))?$/s.exec(kind) ?? []) : [];
    if (!KINDS.has(type)) return fail(`has a parameter ${key} of an unknown type (known: ${[...KINDS].join(', ')})`);
    return [name, { type, ...(description === undefined ? {} : { description }) }, isOptional];
  });
  return {
    type: 'object',
    properties: Object.fromEntries(properties.map(([name, schema]) => [name, schema])),
    required: properties.filter(([, , isOptional]) => !isOptional).map(([name]) => name),
    additionalProperties: false,
  };
}

function checkPlaceholders(command: readonly string[], parameters: Table, fail: (what: string) => never): void {
  const known = Object.keys(isTable(parameters['properties']) ? parameters['properties'] : {});
  const used = command.flatMap((element) => placeholderOf(element) ?? []);
  for (const element of command) {
    if (element.includes('{{') && placeholderOf(element) === undefined) {
      fail(`has an argument that is only partly a parameter, ${element}: make it a separate argument`);
    }
  }
  if (placeholderOf(command[0]!) !== undefined) fail('lets the model choose the program');
  for (const name of used) if (!known.includes(name)) fail(`uses {{${name}}}, which is not one of its parameters`);
  for (const name of known) if (!used.includes(name)) fail(`never uses its parameter ${name}`);
}

function limit(value: unknown, key: string, fail: (what: string) => never, factor: number): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0) return fail(`must have a number above 0 under ${key}`);
  return value * factor;
}

function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
