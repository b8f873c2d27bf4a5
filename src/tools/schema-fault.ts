import { anyText } from '../text/any-text.ts';
import { valueAtPointer } from '../text/json-pointer.ts';

type Table = Readonly<Record<string, unknown>>;

const TYPES = new Set(['object', 'array', 'string', 'number', 'integer', 'boolean', 'null']);
/** Keywords, grouped by the kind of value they hold. */
const SCHEMA = new Set(['not', 'if', 'then', 'else', 'contains', 'propertyNames', 'additionalProperties', 'additionalItems']);
const LISTS = new Set(['anyOf', 'oneOf', 'allOf', 'prefixItems']);
const TABLES = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas']);
const TEXTS = new Set(['description', 'title', 'pattern', 'format', '$ref']);
const MOST_LEVELS = 64;

/**
 * Returns what is malformed in a JSON Schema and where, or undefined. One malformed schema makes a provider reject the whole
 * request. Does not check the meaning of keywords, and accepts unknown ones.
 */
export function schemaFault(schema: unknown, place = 'the schema', root: unknown = schema, level = 0): string | undefined {
  if (typeof schema === 'boolean') return undefined;
  if (!isTable(schema)) return `${place} is neither an object nor a boolean`;
  if (level > MOST_LEVELS) return `${place} is nested too deeply`;
  const inner = (name: string): string => (place === 'the schema' ? name : `${place}.${name}`);
  const check = (value: unknown, name: string): string | undefined => schemaFault(value, inner(name), root, level + 1);
  for (const [name, value] of Object.entries(schema)) {
    const fault =
      keywordFault(name, value, inner(name), check) ?? (name === '$ref' ? refFault(value, root, inner(name)) : undefined);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

type Check = (value: unknown, name: string) => string | undefined;

function keywordFault(name: string, value: unknown, place: string, check: Check): string | undefined {
  if (name === 'type') return isType(value) ? undefined : `${place} is not a type of JSON Schema: ${shown(value)}`;
  if (name === 'required') return isTexts(value) ? undefined : `${place} is not a list of names`;
  if (name === 'enum') return Array.isArray(value) && value.length > 0 ? undefined : `${place} is not a list of values`;
  if (TEXTS.has(name)) return typeof value === 'string' ? undefined : `${place} is not text`;
  if (SCHEMA.has(name) || (name === 'items' && !Array.isArray(value))) return check(value, name);
  if (LISTS.has(name) || name === 'items') {
    if (!Array.isArray(value) || value.length === 0) return `${place} is not a list of schemas`;
    return first(value.entries(), ([at, one]) => check(one, `${name}[${at}]`));
  }
  if (!TABLES.has(name)) return undefined;
  if (!isTable(value)) return `${place} must be an object`;
  return first(Object.entries(value), ([key, one]) => check(one, `${name}.${key}`));
}

/**
 * Checks that a reference points into the same schema. Does not follow references when parts of the schema have their own `$id`.
 */
function refFault(value: unknown, root: unknown, place: string): string | undefined {
  const text = anyText(value);
  if (text === '#' || (text.startsWith('#') && !text.startsWith('#/'))) return undefined;
  if (!text.startsWith('#/')) return JSON.stringify(root).includes('"$id"') ? undefined : `${place} points outside of the schema`;
  return valueAtPointer(root, text.slice(1)) === undefined ? `${place} points to nothing: ${text}` : undefined;
}

function first<Item>(items: Iterable<Item>, check: (item: Item) => string | undefined): string | undefined {
  for (const item of items) {
    const fault = check(item);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function isType(value: unknown): boolean {
  const types: readonly unknown[] = Array.isArray(value) ? value : [value];
  return types.length > 0 && types.every((type) => typeof type === 'string' && TYPES.has(type));
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  return String(JSON.stringify(value)).slice(0, 40);
}
