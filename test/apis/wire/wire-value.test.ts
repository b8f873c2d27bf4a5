import { describe, expect, test } from 'vitest';
import { decodeMessageUsage } from '../../../src/apis/anthropic/message-usage.ts';
import { decodeUsage } from '../../../src/apis/chat-completions/decode-usage.ts';
import { asTokens } from '../../../src/apis/wire/wire-value.ts';

test.each([
  [12, 12],
  ['12', 12],
  ['12.0', 12],
  [12.25, 13],
  ['0', 0],
  [-1, undefined],
  ['-1', undefined],
  ['many', undefined],
  ['', undefined],
  ['1e3', undefined],
  [Number.NaN, undefined],
  [Infinity, undefined],
  [2 ** 60, undefined],
  [null, undefined],
  [true, undefined],
])('the tokens of %j', (value, count) => expect(asTokens(value)).toBe(count));

describe('counts that a server sends as text are not free', () => {
  test('in the usage of chat completions', () => {
    const usage = decodeUsage({
      prompt_tokens: '1200',
      completion_tokens: '30',
      prompt_tokens_details: { cached_tokens: '1000' },
    });
    expect(usage).toMatchObject({ promptTokens: 1200, completionTokens: 30, totalTokens: 1230, cachedTokens: 1000 });
  });

  test('in the usage of messages', () => {
    expect(decodeMessageUsage({ input_tokens: '7', output_tokens: 2.5 })).toMatchObject({ promptTokens: 7, completionTokens: 3 });
  });
});
