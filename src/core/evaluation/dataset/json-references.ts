import { usageError } from '../../../errors.ts';
import type { References } from './references.ts';
import { objectOf } from './source.ts';
import { valueAtPointer } from '../../../text/json-pointer.ts';

/** References that name each other could multiply until they fill the memory: this many values below references at most. */
const MOST_VALUES = 200_000;
/** What is nested more deeply is data. It stays as it is. */
const MOST_LEVELS = 200;

/**
 * Returns a value with each `{ $ref: '#/templates/short' }` or `{ $ref: 'other.yaml#/templates/short' }` replaced by the value that it names. A pointer
 * that names nothing in the same file stays, because a JSON Schema has pointers into itself. Throws kind `usage` for references in a circle, and for
 * values in other files that do not exist.
 */
export async function withReferences(value: unknown, file: string, references: References): Promise<unknown> {
  return new JsonReferences(references).resolved(value, { file, root: value, open: [], level: 0 });
}

interface Place {
  file: string;
  /** The whole document of the file, which pointers start from. */
  root: unknown;
  /** The references that this value is below. */
  open: readonly string[];
  level: number;
}

class JsonReferences {
  readonly #references: References;
  #values = 0;

  constructor(references: References) {
    this.#references = references;
  }

  async resolved(value: unknown, at: Place): Promise<unknown> {
    if (typeof value !== 'object' || value === null || at.level > MOST_LEVELS) return value;
    if (at.open.length > 0 && (this.#values += 1) > MOST_VALUES)
      throw usageError(`${at.file}: its references make more than ${MOST_VALUES} values`);
    const below = { ...at, level: at.level + 1 };
    if (Array.isArray(value)) {
      const items: unknown[] = [];
      for (const item of value) items.push(await this.resolved(item, below));
      return items.some((item, index) => item !== value[index]) ? items : value;
    }
    const fields = objectOf(value)!;
    const { $ref: reference } = fields;
    if (typeof reference === 'string') {
      const found = await this.#target(reference, below);
      if (found !== undefined) return found.value;
    }
    const entries: [string, unknown][] = [];
    for (const [name, one] of Object.entries(fields)) entries.push([name, await this.resolved(one, below)]);
    return entries.some(([name, one]) => one !== fields[name]) ? Object.fromEntries(entries) : value;
  }

  async #target(reference: string, at: Place): Promise<{ value: unknown } | undefined> {
    const [path = '', pointer = ''] = reference.split('#', 2);
    if (path === '' && !pointer.startsWith('/')) return undefined;
    if (/^[a-z]+:\/\//i.test(path) && !path.startsWith('file://')) return undefined;
    const [file = at.file] = path === '' ? [] : await this.#references.paths(path, at.file);
    const root = path === '' ? at.root : await this.#references.content(file);
    const found = valueAtPointer(root, pointer);
    if (found === undefined) {
      if (path === '') return undefined;
      throw usageError(`$ref ${reference} names nothing: ${file} has no ${pointer}`);
    }
    const name = `${file}#${pointer}`;
    if (at.open.includes(name)) throw usageError(`${at.file}: $ref ${reference} contains itself`);
    return { value: await this.resolved(found, { file, root, open: [...at.open, name], level: at.level }) };
  }
}
