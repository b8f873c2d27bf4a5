import { expect, test } from 'vitest';
import { sentSchema } from '../../../src/core/tools/sent-schema.ts';

test('objects get properties, lists get items, true becomes {}, at every depth; everything else is unchanged', () => {
  expect(sentSchema({})).toEqual({ type: 'object', properties: {} });
  expect(sentSchema({ type: 'object', title: 't', required: ['a'] })).toEqual({
    type: 'object',
    title: 't',
    required: ['a'],
    properties: {},
  });
  const schema = {
    type: 'object',
    $defs: { any: true, table: { type: 'object', additionalProperties: true } },
    properties: {
      a: true,
      never: false,
      list: { type: 'array' },
      pair: { type: 'array', prefixItems: [true] },
      either: { anyOf: [{ type: 'array' }, { type: 'object' }] },
      rows: { type: 'array', items: { type: 'object' } },
      type: { const: { type: 'object' }, default: { type: 'array' } },
    },
  };
  expect(sentSchema(schema)).toEqual({
    type: 'object',
    $defs: { any: {}, table: { type: 'object', additionalProperties: true, properties: {} } },
    properties: {
      a: {},
      never: false,
      list: { type: 'array', items: {} },
      pair: { type: 'array', prefixItems: [{}] },
      either: {
        anyOf: [
          { type: 'array', items: {} },
          { type: 'object', properties: {} },
        ],
      },
      rows: { type: 'array', items: { type: 'object', properties: {} } },
      type: { const: { type: 'object' }, default: { type: 'array' } },
    },
  });
});
