import type { ChatRequest } from '../apis/completion.ts';
import type { ResponseFormat } from '../apis/request-parameters.ts';
import { anyNumber, anyText } from '../text/any-text.ts';
import { unescapePointer } from '../text/json-pointer.ts';

const TEXT = 'simulated by the orx sandbox';
const FORMATS: Readonly<Record<string, string>> = {
  date: '2026-01-31',
  time: '12:30:00Z',
  'date-time': '2026-01-31T12:30:00Z',
  duration: 'P1D',
  email: 'simulated@example.com',
  hostname: 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  uri: 'https://example.com/simulated',
  uuid: '00000000-0000-4000-8000-000000000000',
};
/** Maximum nesting: a schema may be recursive. */
const DEEPEST = 8;
/** Maximum items and characters: a schema may require millions. */
const LONGEST = 200;

type Schema = Readonly<Record<string, unknown>>;

/**
 * Returns the format that a request asks for. The gateway forwards fields of the API unchanged, so `response_format` may also be
 * in `extra`, in its wire form.
 */
export function requestedFormat({ responseFormat, extra }: ChatRequest): ResponseFormat | undefined {
  const wire = extra?.['response_format'];
  if (responseFormat !== undefined || !isJsonObject(wire)) return responseFormat;
  if (wire['type'] === 'json_object') return { type: 'json_object' };
  const { name, schema } = isJsonObject(wire['json_schema']) ? wire['json_schema'] : {};
  if (wire['type'] !== 'json_schema' || !isJsonObject(schema)) return undefined;
  return { type: 'json_schema', name: typeof name === 'string' ? name : 'answer', schema, strict: true };
}

/**
 * Returns simulated JSON for a request that asks for it: the smallest value that has the schema's form, with a text that says
 * that it is simulated wherever the schema allows any text. Ignores patterns and conditions of a schema. Returns undefined for a
 * request of plain text.
 */
export function structuredAnswer(format: ResponseFormat | undefined): string | undefined {
  if (format === undefined) return undefined;
  const schema = format.type === 'json_schema' ? format.schema : { properties: { answer: {} } };
  return JSON.stringify(valueOf(schema, schema, 0), null, 2);
}

function valueOf(schema: unknown, root: Schema, depth: number): unknown {
  if (!isJsonObject(schema)) return TEXT;
  const { $ref: reference, const: constant, enum: choices, anyOf, oneOf, allOf } = schema;
  if (constant !== undefined) return constant;
  if (Array.isArray(choices) && choices.length > 0) return choices[0];
  if (typeof reference === 'string') return depth > DEEPEST ? null : valueOf(resolve(reference, root), root, depth + 1);
  const alternatives = anyOf ?? oneOf;
  // In a recursive schema, the last alternative may end the recursion.
  if (Array.isArray(alternatives)) return valueOf(alternatives.at(depth > DEEPEST ? -1 : 0), root, depth + 1);
  if (Array.isArray(allOf)) {
    const parts = allOf.map((part) => valueOf(part, root, depth + 1));
    return parts.every(isJsonObject) ? Object.assign({}, ...parts) : parts[0];
  }
  switch (typeOf(schema)) {
    case 'object':
      return objectOf(schema, root, depth);
    case 'array': {
      const items = Math.min(LONGEST, Math.max(depth > DEEPEST ? 0 : 1, anyNumber(schema['minItems'] ?? 0)));
      return Array.from({ length: items }, () => valueOf(schema['items'], root, depth + 1));
    }
    case 'integer':
    case 'number':
      return numberOf(schema);
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return textOf(schema);
  }
}

function typeOf({ type, properties, items }: Schema): unknown {
  if (type === undefined) return properties !== undefined ? 'object' : items !== undefined ? 'array' : 'string';
  return Array.isArray(type) ? type[0] : type;
}

function objectOf({ properties, required }: Schema, root: Schema, depth: number): Record<string, unknown> {
  const named = isJsonObject(properties) ? properties : {};
  const needed = Array.isArray(required) ? required.map(String) : [];
  const names = depth > DEEPEST ? needed : Object.keys(named);
  return Object.fromEntries(names.map((name) => [name, valueOf(named[name], root, depth + 1)]));
}

function numberOf({ type, minimum, exclusiveMinimum, maximum, multipleOf }: Schema): number {
  const least = anyNumber(
    minimum ?? (exclusiveMinimum === undefined ? 1 : anyNumber(exclusiveMinimum) + (type === 'integer' ? 1 : 0.5)),
  );
  const value = maximum === undefined ? least : Math.min(least, anyNumber(maximum));
  const step = anyNumber(multipleOf ?? 0);
  return step > 0 ? Math.ceil(value / step) * step : value;
}

function textOf({ format, minLength, maxLength }: Schema): string {
  const text = FORMATS[anyText(format)] ?? TEXT;
  return text.padEnd(Math.min(LONGEST, anyNumber(minLength ?? 0)), '.').slice(0, anyNumber(maxLength ?? Number.MAX_SAFE_INTEGER));
}

function resolve(reference: string, root: Schema): unknown {
  const path = reference
    .replace(/^#\/?/, '')
    .split('/')
    .filter((name) => name !== '');
  return path.reduce<unknown>((at, name) => (isJsonObject(at) ? at[unescapePointer(name)] : undefined), root);
}

function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
