import { Validator } from '@cfworker/json-schema';
import { expect, test } from 'vitest';
import { fastSandbox, play, userRequest } from '../support/sandbox.ts';

const SCHEMAS: Readonly<Record<string, object>> = {
  'fields of every type': {
    type: 'object',
    properties: {
      name: { type: 'string' },
      age: { type: 'integer', minimum: 18 },
      score: { type: 'number', exclusiveMinimum: 0, maximum: 0.2 },
      even: { type: 'integer', multipleOf: 4, minimum: 5 },
      isNew: { type: 'boolean' },
      nothing: { type: 'null' },
      color: { enum: ['red', 'green'] },
      kind: { const: 'person' },
      tags: { type: 'array', items: { type: 'string', maxLength: 5 }, minItems: 2 },
      born: { type: 'string', format: 'date' },
      code: { type: 'string', minLength: 40 },
      maybe: { type: ['string', 'null'] },
    },
    required: ['name', 'age', 'score', 'even', 'isNew', 'nothing', 'color', 'kind', 'tags', 'born', 'code', 'maybe'],
    additionalProperties: false,
  },
  references: {
    type: 'object',
    properties: {
      owner: { $ref: '#/$defs/person' },
      all: { allOf: [{ $ref: '#/$defs/person' }, { properties: { id: { type: 'integer' } } }] },
    },
    required: ['owner', 'all'],
    $defs: { person: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] } },
  },
  'a schema that contains itself': {
    type: 'object',
    properties: { next: { anyOf: [{ $ref: '#' }, { type: 'null' }] }, list: { type: 'array', items: { $ref: '#' } } },
    required: ['next'],
  },
  'an array': { type: 'array', items: { oneOf: [{ type: 'number' }, { type: 'string' }] } },
};

test.each(Object.entries(SCHEMAS))('an answer matches a JSON Schema: %s', async (_, schema) => {
  const responseFormat = { type: 'json_schema', name: 'x', schema: { ...schema }, strict: true } as const;
  const { text } = await play(fastSandbox(), userRequest('openai/gpt-4o', 'x', { responseFormat }));
  expect(new Validator(schema, '2020-12', false).validate(JSON.parse(text)).errors).toEqual([]);
});

test('JSON without a schema is an object that says that it is simulated', async () => {
  const { text } = await play(fastSandbox(), userRequest('openai/gpt-4o', 'x', { responseFormat: { type: 'json_object' } }));
  expect(JSON.parse(text)).toEqual({ answer: 'simulated by the orx sandbox' });
});

test('no schema makes an answer unbounded', async () => {
  const schema = { type: 'array', minItems: 1e9, items: { type: 'string', minLength: 1e9 } };
  const responseFormat = { type: 'json_schema', name: 'x', schema, strict: true } as const;
  const { text } = await play(fastSandbox(), userRequest('openai/gpt-4o', 'x', { responseFormat, maxTokens: 100 }));
  expect(text.length).toBeLessThan(5000);
});
