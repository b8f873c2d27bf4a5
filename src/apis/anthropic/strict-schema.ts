import { asArray, asObject, asText, type WireObject } from '../wire/wire-value.ts';
import { unescapePointer } from '../../text/json-pointer.ts';

/** Constraints that structured output rejects. orx moves them into the description for the model. */
const CONSTRAINTS = [
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'pattern',
  'minItems',
  'maxItems',
  'uniqueItems',
  'minProperties',
  'maxProperties',
  'not',
];
const FORMATS = new Set(['date-time', 'time', 'date', 'duration', 'email', 'hostname', 'uri', 'ipv4', 'ipv6', 'uuid']);
/** Fields that contain a schema, a list of schemas, or schemas by name. */
const NESTED = ['items', 'anyOf', 'allOf'];
const DEFINITIONS = ['$defs', 'definitions'];
const NAMED = ['properties', ...DEFINITIONS];
/** Fields that are copied unchanged. */
const PLAIN = new Set(['$schema', '$id', '$ref', 'title', 'default', 'const', 'enum', 'type', 'required']);

/**
 * Returns the schema in the subset of JSON Schema that structured output supports. The answer is still checked against the full
 * schema.
 */
export function strictSchema(schema: WireObject): Record<string, unknown> {
  const strict: Record<string, unknown> = {};
  const isReference = schema['$ref'] !== undefined;
  for (const [name, value] of Object.entries(schema)) {
    if (isReference && name !== '$ref' && !DEFINITIONS.includes(name)) continue;
    if (PLAIN.has(name)) strict[name] = value;
    else if (NESTED.includes(name)) strict[name] = strictSchemas(value);
    else if (name === 'oneOf' && schema['anyOf'] === undefined) strict['anyOf'] = strictSchemas(value);
    else if (NAMED.includes(name)) strict[name] = namedSchemas(value);
  }
  if (isReference) return strict;
  if (isObjectSchema(schema)) strict['additionalProperties'] = false;
  const format = asText(schema['format']);
  if (format !== undefined && FORMATS.has(format)) strict['format'] = format;
  const description = describe(schema, format);
  return description === undefined ? strict : { ...strict, description };
}

/**
 * Returns whether structured output can express the schema. It rejects recursive schemas, and it closes every object, so that an
 * object with arbitrary property names could only be answered with `{}`.
 */
export function fitsStrictOutput(schema: WireObject): boolean {
  return !refersToItself(schema, schema, { path: new Set(), checked: new Set() }) && !hasOpenObject(schema);
}

function strictSchemas(value: unknown): unknown {
  return Array.isArray(value) ? value.map(strictOrBoolean) : strictOrBoolean(value);
}

function strictOrBoolean(value: unknown): unknown {
  const schema = asObject(value);
  return schema === undefined ? value : strictSchema(schema);
}

function namedSchemas(value: unknown): unknown {
  return Object.fromEntries(Object.entries(asObject(value) ?? {}).map(([name, one]) => [name, strictOrBoolean(one)]));
}

function isObjectSchema(schema: WireObject): boolean {
  return schema['type'] === 'object' || asArray(schema['type']).includes('object') || schema['properties'] !== undefined;
}

function describe(schema: WireObject, format: string | undefined): string | undefined {
  const limits = CONSTRAINTS.filter((name) => ![undefined, null, false].includes(schema[name] as undefined)).map(
    (name) => `${name}: ${JSON.stringify(schema[name])}`,
  );
  if (format !== undefined && !FORMATS.has(format)) limits.push(`format: ${format}`);
  const lines = [asText(schema['description']), asText(limits.join('; '))].filter((line) => line !== undefined);
  return asText(lines.join('\n'));
}

function hasOpenObject(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasOpenObject);
  const schema = asObject(value);
  if (schema === undefined) return false;
  const others = schema['additionalProperties'];
  const isFree = schema['properties'] === undefined && isObjectSchema(schema) && others !== false && schema['$ref'] === undefined;
  if (isFree || others === true || asObject(others) !== undefined || asObject(schema['patternProperties']) !== undefined)
    return true;
  return subschemas(schema).some(hasOpenObject);
}

function subschemas(schema: WireObject): readonly unknown[] {
  return [
    ...[...NESTED, 'oneOf'].map((name) => schema[name]),
    ...NAMED.flatMap((name) => Object.values(asObject(schema[name]) ?? {})),
  ];
}

/** `path`: the references being followed; `checked`: references already known not to lead to a cycle. */
function refersToItself(value: unknown, root: WireObject, seen: { path: Set<string>; checked: Set<string> }): boolean {
  if (Array.isArray(value)) return value.some((one) => refersToItself(one, root, seen));
  const schema = asObject(value);
  if (schema === undefined) return false;
  const reference = asText(schema['$ref']);
  if (reference !== undefined && reference.startsWith('#')) {
    if (reference === '#' || seen.path.has(reference)) return true;
    if (seen.checked.has(reference)) return false;
    seen.path.add(reference);
    const isCircle = refersToItself(resolve(root, reference), root, seen);
    seen.path.delete(reference);
    seen.checked.add(reference);
    return isCircle;
  }
  const { $defs: _, definitions: __, ...rest } = schema;
  return subschemas(rest).some((one) => refersToItself(one, root, seen));
}

function resolve(root: WireObject, reference: string): unknown {
  let place: unknown = root;
  for (const step of reference.slice(2).split('/')) {
    const name = unescapePointer(step);
    place = Array.isArray(place) ? place[Number(name)] : asObject(place)?.[name];
  }
  return place;
}
