import { expect, test } from 'vitest';
import { checkCalls } from '../../../src/core/tools/check-calls.ts';
import { withWireNames } from '../../../src/core/tools/wire-names.ts';
import { ExactNumber } from '../../../src/text/exact-json.ts';

const SCHEMA = {
  type: 'object',
  properties: {
    table: { type: 'string' },
    count: { type: 'integer', minimum: 1, maximum: 2 ** 63 },
    mode: { enum: ['soft', 'hard'] },
    where: { type: 'object', properties: { id: { type: ['number', 'null'] } }, required: ['id'] },
  },
  required: ['table'],
  additionalProperties: false,
};

async function check(
  args: string,
  ending: { finishReason?: string; nativeFinishReason?: string } = { finishReason: 'tool_calls' },
  parameters: object = SCHEMA,
) {
  const call = async () => ({ text: '', isError: false });
  const tools = withWireNames([{ label: 'db:drop', description: '', parameters: parameters as never, isReadOnly: false, call }]);
  return (await checkCalls([{ id: 'a', name: 'db__drop', arguments: args }], ending, tools))[0]!;
}

test.each([
  [{ finishReason: 'length' }],
  [{ finishReason: 'content_filter' }],
  [{ finishReason: 'tool_calls', nativeFinishReason: 'MAX_TOKENS' }],
  [{ finishReason: 'stop', nativeFinishReason: 'SAFETY' }],
])('a call of an answer that ended with %j is cut off, whatever its arguments', async (ending) => {
  for (const args of ['', '{}', '{"table":"a"}', '{"tab']) expect((await check(args, ending)).fault).toContain('was cut off');
});

test('without a finish reason only complete arguments count as complete', async () => {
  expect((await check('', {}, { type: 'object' })).fault).toContain('ended before the arguments');
  expect((await check('{"tab', {})).fault).toContain('not a JSON object');
  expect((await check('{"table":"a"}', {})).fault).toBeUndefined();
  expect((await check('', { finishReason: 'stop' }, { type: 'object' })).fault).toBeUndefined();
});

test.each([
  ['', 'the required property "table" is missing'],
  ['{"table":{"a":1}}', 'table: expected string, not object'],
  ['{"table":"a","count":0}', 'count: 0 is less than 1'],
  ['{"table":"a","count":"many"}', 'count: expected integer, not string'],
  ['{"table":"a","mode":"soft-ish"}', 'mode: does not match any of ["soft","hard"]'],
  ['{"table":"a","where":{"id":"x"}}', 'where/id: expected number or null, not string'],
  ['{"table":"a","where":{}}', 'where: the required property "id" is missing'],
  ['{"table":"a","tabel":"b"}', 'tabel: there is no such property, only table, count, mode, where'],
])('arguments %s do not match, and the model is told: %s', async (args, fault) => {
  expect((await check(args)).fault).toBe(`the arguments do not fit the tool's schema: ${fault}`);
});

test('all faults are named, up to a limit', async () => {
  const parameters = { type: 'object', required: [...'abcdefgh'] };
  expect((await check('{}', undefined, parameters)).fault).toMatch(/"a" is missing; .*"e" is missing; and 3 more$/);
});

test('numbers beyond a double are numbers for the schema and exact for the tool', async () => {
  const { fault, values } = await check('{"table":"a","count":9007199254740993}');
  expect(fault).toBeUndefined();
  expect(values['count']).toEqual(new ExactNumber('9007199254740993'));
});

test.each([
  [{ type: 'object', properties: { table: { pattern: '(' } } }],
  [{ type: 'object', properties: { table: { $ref: '#/nowhere' } } }],
  [{ $ref: '#' }],
  [{ type: 'object', required: 1 }],
])('with an unusable schema the tool validates: %j', async (parameters) => {
  expect((await check('{"table":"a"}', undefined, parameters)).fault).toBeUndefined();
});

test('a schema of an older draft is read as that draft', async () => {
  const parameters = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: 'object',
    properties: { a: { items: [{ type: 'string' }] } },
  };
  expect((await check('{"a":["x",1]}', undefined, parameters)).fault).toBeUndefined();
  expect((await check('{"a":[1]}', undefined, parameters)).fault).toContain('a/0: expected string, not number');
});
