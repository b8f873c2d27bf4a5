import { usageError } from '../../errors.ts';
import { parseExact } from '../../text/exact-json.ts';

/** A field of a request, `key=value`, where the key may have the form `a[b]` or `a[]`. */
export interface RawField {
  /** The key as typed. */
  key: string;
  /** The names of the key; an empty one adds to a list. */
  path: readonly string[];
  value: FieldValue;
}

/** `file`: the text of a file, or of standard input for `-`. `list`: an empty list, for a key without a value. */
export type FieldValue =
  | { type: 'text'; text: string }
  | { type: 'json'; value: unknown }
  | { type: 'file'; path: string }
  | { type: 'list' };

const KEY = /^[^[\]=]+(?:\[[^[\]]*\])*$/;

/** Parses `key=value` of `flag`. With `isTyped`, a value may be JSON or `@FILE`. Throws a usage error for any other form. */
export function parseField(flag: string, text: string, isTyped: boolean): RawField {
  const at = text.indexOf('=');
  const key = at === -1 ? text : text.slice(0, at);
  if (!KEY.test(key) || (at === -1 && !key.endsWith('[]')))
    throw usageError(`${flag} must be key=value, not "${text}"`, `give a key, = and a value: ${flag} name=value`);
  const path = key.split('[').map((name, index) => (index === 0 ? name : name.slice(0, -1)));
  if (at === -1) return { key, path: path.slice(0, -1), value: { type: 'list' } };
  const value = text.slice(at + 1);
  return { key, path, value: isTyped ? typedValue(flag, value) : { type: 'text', text: value } };
}

function typedValue(flag: string, text: string): FieldValue {
  if (text.startsWith('@')) {
    if (text === '@') throw usageError(`${flag} names no file after @`, `name one, or - for standard input: ${flag} key=@FILE`);
    return { type: 'file', path: text.slice(1) };
  }
  try {
    return { type: 'json', value: parseExact(text) };
  } catch {
    return { type: 'text', text };
  }
}

/** A list or an object that fields fill. Objects have no prototype, so that every name is an ordinary key. */
type Container = unknown[] | Record<string, unknown>;

/** Returns the JSON object that fields describe. `read` returns the value of a field. Throws a usage error for two values in one place. */
export function fieldsObject(fields: readonly RawField[], read: (field: RawField) => unknown): Record<string, unknown> {
  const root = emptyObject();
  for (const field of fields) place(root, field.path, read(field), field);
  return root;
}

function place(into: Record<string, unknown>, [name = '', ...rest]: readonly string[], value: unknown, field: RawField): void {
  const known = Object.hasOwn(into, name) ? into[name] : undefined;
  if (rest.length === 0) {
    if (Object.hasOwn(into, name)) throw twice(field);
    into[name] = value;
    return;
  }
  const isList = rest[0] === '';
  const container = (known ?? (isList ? [] : emptyObject())) as Container;
  if (!created.has(container)) {
    if (known !== undefined) throw twice(field);
    created.add(container);
  }
  into[name] = container;
  if (Array.isArray(container) !== isList) throw twice(field);
  if (!Array.isArray(container)) return place(container, rest, value, field);
  append(container, rest.slice(1), value, field);
}

/** Adds to a list: `a[]=x` a value, `a[][b]=x` to its last object, or to a new one if that has the key already. */
function append(list: unknown[], rest: readonly string[], value: unknown, field: RawField): void {
  if (rest.length === 0) {
    list.push(value);
    return;
  }
  if (rest[0] === '') {
    const inner: unknown[] = [];
    created.add(inner);
    list.push(inner);
    append(inner, rest.slice(1), value, field);
    return;
  }
  const last = list.at(-1);
  const isOpen =
    typeof last === 'object' &&
    last !== null &&
    created.has(last) &&
    !Array.isArray(last) &&
    (rest.length > 1 || !Object.hasOwn(last, rest[0]!));
  const target = isOpen ? (last as Record<string, unknown>) : emptyObject();
  if (!isOpen) list.push(target);
  place(target, rest, value, field);
}

/** The containers that fields have created. A value of `-F` that is a list or an object is complete. */
const created = new WeakSet<object>();

function emptyObject(): Record<string, unknown> {
  const made = Object.create(null) as Record<string, unknown>;
  created.add(made);
  return made;
}

function twice({ key }: RawField): Error {
  return usageError(`the field ${key} has a value already`, 'give each key once; use key[]=value for a list');
}
