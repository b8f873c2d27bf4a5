import { usageError } from '../../errors.ts';
import type { ResponseFormat } from '../../apis/request-parameters.ts';
import type { JsonSchema } from './parse-schema.ts';

/** A schema with the fields that the API expects around it. */
export type SchemaFormat = Extract<ResponseFormat, { type: 'json_schema' }>;

const DEFAULT_NAME = 'answer';
const NAME = /^[A-Za-z0-9_-]{1,64}$/;
/** A schema has at least one of these keywords; a wrapper around a schema has none. */
const OWN_KEYWORDS = ['properties', 'items', 'anyOf', 'oneOf', 'allOf', '$ref', 'enum', 'const', '$defs'];

/**
 * Returns the response format for a schema: either a JSON Schema, or one wrapped as OpenAI's APIs do, `{name, strict, schema}`, optionally
 * inside `{type: "json_schema", json_schema: …}` or `{response_format: …}`. Throws kind `usage` for a wrapper with a field of the wrong type.
 */
export function schemaFormat(given: JsonSchema): SchemaFormat {
  const wrapper = wrapperOf(given);
  if (wrapper === undefined) return { type: 'json_schema', name: DEFAULT_NAME, schema: given, strict: true };
  const { name = DEFAULT_NAME, strict, schema, description } = wrapper;
  if (!isObject(schema)) throw wrong('schema', 'is not a JSON Schema');
  if (typeof name !== 'string' || !NAME.test(name)) throw wrong('name', 'must have up to 64 letters, digits, _ and -');
  if (strict !== undefined && strict !== null && typeof strict !== 'boolean') throw wrong('strict', 'must be true or false');
  if (description !== undefined && typeof description !== 'string') throw wrong('description', 'is not text');
  return {
    type: 'json_schema',
    name,
    schema,
    strict: strict ?? true,
    ...(description === undefined ? {} : { description }),
  };
}

function wrapperOf(given: JsonSchema): JsonSchema | undefined {
  for (const key of ['response_format', 'format', 'json_schema']) {
    const inner = given[key];
    if (isObject(inner) && !hasOwnKeyword(given)) return wrapperOf(inner) ?? inner;
  }
  return given['schema'] !== undefined && !hasOwnKeyword(given) ? given : undefined;
}

function hasOwnKeyword(given: JsonSchema): boolean {
  const { type } = given;
  return (type !== undefined && type !== 'json_schema') || OWN_KEYWORDS.some((key) => given[key] !== undefined);
}

function isObject(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wrong(field: string, what: string): Error {
  return usageError(`${field} of the schema ${what}`, 'use a schema alone, or {"name": "NAME", "strict": true, "schema": {}}');
}
