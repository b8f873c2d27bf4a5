import { dereference, schemaArrayKeyword, schemaKeyword, schemaMapKeyword, type Schema } from '@cfworker/json-schema';
import { usageError } from '../../errors.ts';
import { nearestWord } from '../text/near-names.ts';
import type { JsonSchema } from './parse-schema.ts';
import { anyText } from '../../text/any-text.ts';

const TYPES = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'] as const;
/** Keywords whose schemas apply to the same value as the schema that contains them. */
const SAME_VALUE: ReadonlySet<string> = new Set(['allOf', 'anyOf', 'oneOf', 'not', 'if', 'then', 'else', 'dependentSchemas']);
const COUNTS = ['minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties', 'minContains', 'maxContains'];
const NUMBERS = ['minimum', 'maximum', 'multipleOf'];

type Node = Readonly<Record<string, unknown>>;

/** A nested schema, and its location as a JSON Pointer. */
interface Inner {
  keyword: string;
  place: string;
  value: unknown;
}

/**
 * Throws kind `usage`, with the location, for a schema that no answer can be checked against: a reference with no target, to another document or
 * in an endless loop, an invalid pattern, an unknown type, or a keyword with a value of the wrong kind. Checks the whole schema, including parts
 * that a simple answer would not reach.
 */
export function checkSchema(schema: JsonSchema): void {
  let lookup: Record<string, Schema | boolean>;
  try {
    lookup = dereference(schema as Schema);
  } catch (error) {
    throw unusable(
      '',
      error instanceof RangeError ? 'it is nested too deeply' : String((error as Error).message).split('\n')[0]!,
    );
  }
  const seen = new Set<unknown>();
  const waiting: Inner[] = [{ keyword: '', place: '', value: schema }];
  for (let inner = waiting.pop(); inner !== undefined; inner = waiting.pop()) {
    const { place, value } = inner;
    if (typeof value === 'boolean' || seen.has(value)) continue;
    seen.add(value);
    if (!isObject(value)) throw unusable(place, 'a schema is an object, true or false');
    checkKeywords(value, place);
    const target = targetOf(value, place, lookup);
    waiting.push(...innerSchemas(value, place));
    if (target !== undefined) waiting.push({ keyword: '$ref', place: `${place}/$ref`, value: target });
  }
  checkEndless(schema, lookup);
}

function checkKeywords(schema: Node, place: string): void {
  const { type, pattern, patternProperties, required } = schema;
  if (type !== undefined) checkType(type, `${place}/type`);
  if (pattern !== undefined) checkPattern(pattern, `${place}/pattern`);
  if (isObject(patternProperties)) {
    for (const key of Object.keys(patternProperties)) checkPattern(key, `${place}/patternProperties`);
  }
  if (schema['enum'] !== undefined && !Array.isArray(schema['enum'])) throw unusable(`${place}/enum`, 'it is not a list');
  if (required !== undefined && !(Array.isArray(required) && required.every((name) => typeof name === 'string')))
    throw unusable(`${place}/required`, 'it is not a list of names');
  for (const key of COUNTS) {
    const value = schema[key];
    if (value !== undefined && !(Number.isInteger(value) && (value as number) >= 0))
      throw unusable(`${place}/${key}`, 'it is not a whole number from 0');
  }
  for (const key of NUMBERS)
    if (schema[key] !== undefined && typeof schema[key] !== 'number') throw unusable(`${place}/${key}`, 'it is not a number');
  if (schema['$dynamicRef'] !== undefined)
    throw unusable(`${place}/$dynamicRef`, 'dynamic references are not supported: use $ref');
}

function checkType(type: unknown, place: string): void {
  const names: readonly unknown[] = Array.isArray(type) ? type : [type];
  if (names.length === 0) throw unusable(place, 'it is an empty list');
  for (const name of names) {
    if (TYPES.some((known) => known === name)) continue;
    const near = typeof name === 'string' ? nearestWord(name, TYPES) : undefined;
    throw unusable(
      place,
      `unknown type ${JSON.stringify(name)}`,
      near === undefined ? `use one of these types: ${TYPES.join(', ')}` : `did you mean "${near}"?`,
    );
  }
}

function checkPattern(pattern: unknown, place: string): void {
  if (typeof pattern !== 'string') throw unusable(place, 'it is not text');
  try {
    // The validator compiles patterns with the same flag.
    void new RegExp(pattern, 'u');
  } catch (error) {
    throw unusable(
      place,
      `it is not a regular expression (${(error as Error).message.replace(/^Invalid regular expression: /, '')})`,
    );
  }
}

/** Returns the target of a reference. */
function targetOf(schema: Node, place: string, lookup: Readonly<Record<string, unknown>>): unknown {
  const { $ref } = schema;
  if ($ref === undefined) return undefined;
  if (typeof $ref !== 'string') throw unusable(`${place}/$ref`, 'it is not text');
  const target = lookup[anyText(schema['__absolute_ref__'] ?? $ref)];
  if (target !== undefined) return target;
  throw /^[a-z][a-z0-9+.-]*:|^\/\/|^[^#]/i.test($ref)
    ? unusable(`${place}/$ref`, `${$ref} is in another document`, 'move it into $defs, and refer to #/$defs/NAME')
    : unusable(`${place}/$ref`, `there is no ${$ref}`);
}

function innerSchemas(schema: Node, place: string): Inner[] {
  const matches: Inner[] = [];
  for (const [keyword, value] of Object.entries(schema)) {
    const at = `${place}/${keyword}`;
    if (schemaMapKeyword[keyword] === true) {
      if (!isObject(value)) throw unusable(at, 'it is not an object of schemas');
      for (const [name, one] of Object.entries(value)) matches.push({ keyword, place: `${at}/${name}`, value: one });
    } else if (Array.isArray(value) && schemaArrayKeyword[keyword] === true) {
      value.forEach((one, index) => matches.push({ keyword, place: `${at}/${index}`, value: one }));
    } else if (schemaKeyword[keyword] === true) {
      matches.push({ keyword, place: at, value });
    } else if (schemaArrayKeyword[keyword] === true) throw unusable(at, 'it is not a list of schemas');
  }
  return matches;
}

/** Throws for a schema that refers back to itself without descending into the value: the validator would never end. */
function checkEndless(root: JsonSchema, lookup: Readonly<Record<string, unknown>>): void {
  const done = new Set<unknown>();
  const follow = (schema: unknown, place: string, path: ReadonlySet<unknown>): void => {
    if (!isObject(schema) || done.has(schema)) return;
    if (path.has(schema)) throw unusable(place, 'it refers to itself endlessly');
    const longer = new Set(path).add(schema);
    const target = targetOf(schema, place, lookup);
    if (target !== undefined) follow(target, `${place}/$ref`, longer);
    const inner = innerSchemas(schema, place);
    for (const one of inner) if (SAME_VALUE.has(one.keyword)) follow(one.value, one.place, longer);
    done.add(schema);
    for (const one of inner) if (!SAME_VALUE.has(one.keyword)) follow(one.value, one.place, new Set());
  };
  follow(root, '', new Set());
}

function isObject(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unusable(place: string, reason: string, ...hints: string[]): Error {
  return usageError(`invalid schema: ${place === '' ? '' : `at ${place}: `}${reason}`, ...hints);
}
