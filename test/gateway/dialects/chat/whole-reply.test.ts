import { expect, test } from 'vitest';
import { wholeReply } from '../../../../src/gateway/dialects/chat/whole-reply.ts';

const chunk = (calls: string) => `{"id":"g","model":"m","choices":[{"index":0,"delta":{"tool_calls":[${calls}]}}]}`;

test('a whole reply built from chunks has every call once, with its numbers', () => {
  const reply = wholeReply([
    chunk('{"index":0,"id":"a","function":{"name":"look","arguments":"{\\"id\\":"}}'),
    chunk('{"index":0,"function":{"arguments":"9007199254740993}"}}'),
    chunk('{"index":0,"id":"b","function":{"name":"buy","arguments":{"id":9007199254740993}}}'),
    chunk('{"function":{"name":"buy","arguments":"{}"}}'),
  ]);
  const calls = JSON.parse(reply).choices[0].message.tool_calls;
  expect(calls.map((call: any) => [call.id, call.function.name, call.function.arguments])).toEqual([
    ['a', 'look', '{"id":9007199254740993}'],
    ['b', 'buy', '{"id":9007199254740993}'],
    [undefined, 'buy', '{}'],
  ]);
});
