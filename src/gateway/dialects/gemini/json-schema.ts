import { isFields } from '../fields.ts';

type Schema = Record<string, unknown>;

/** Counts that protocol buffers encode as text. */
const COUNTS: ReadonlySet<string> = new Set(['minItems', 'maxItems', 'minLength', 'maxLength', 'minProperties', 'maxProperties']);
const LISTS: ReadonlySet<string> = new Set(['anyOf', 'oneOf', 'allOf', 'prefixItems']);
const MAPS: ReadonlySet<string> = new Set(['properties', '$defs', 'defs']);
/** Keywords of OpenAPI that JSON Schema does not have. */
const FOREIGN: ReadonlySet<string> = new Set(['nullable', 'propertyOrdering', 'property_ordering', 'example']);
const DEEPEST = 100;

/**
 * Converts a schema in Google's OpenAPI style to JSON Schema: lower-case types, `nullable` as an additional type. Keeps JSON
 * Schema unchanged.
 */
export function jsonSchemaOf(value: unknown, depth = 0): unknown {
  if (!isFields(value) || depth > DEEPEST) return value;
  const schema: Schema = {};
  for (const [given, inner] of Object.entries(value)) {
    const name = camelCase(given);
    if (FOREIGN.has(given)) continue;
    if (name === 'type') schema[name] = typesOf(inner);
    else if (COUNTS.has(name) && typeof inner === 'string' && /^\d+$/.test(inner)) schema[name] = Number(inner);
    else if (LISTS.has(name) && Array.isArray(inner)) schema[name] = inner.map((one) => jsonSchemaOf(one, depth + 1));
    else if (MAPS.has(name) && isFields(inner))
      schema[name] = Object.fromEntries(Object.entries(inner).map(([key, one]) => [key, jsonSchemaOf(one, depth + 1)]));
    else if (name === 'items' || name === 'additionalProperties') schema[name] = jsonSchemaOf(inner, depth + 1);
    else schema[name] = inner;
  }
  return value['nullable'] === true ? orNull(schema) : schema;
}

function typesOf(type: unknown): unknown {
  if (Array.isArray(type)) return type.map(typesOf);
  return typeof type === 'string' ? type.toLowerCase() : type;
}

function orNull(schema: Schema): Schema {
  const type = schema['type'];
  if (typeof type === 'string') return { ...schema, type: [type, 'null'], ...withNull(schema['enum']) };
  return Array.isArray(schema['anyOf']) ? { ...schema, anyOf: [...(schema['anyOf'] as unknown[]), { type: 'null' }] } : schema;
}

function withNull(values: unknown): Schema {
  return Array.isArray(values) ? { enum: [...(values as unknown[]), null] } : {};
}

/** Only the keywords of a schema have two spellings. */
function camelCase(name: string): string {
  return /^(any|one|all|min|max|additional|prefix)_/.test(name)
    ? name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
    : name;
}
