import fc from 'fast-check';
import { countTokens as o200k } from 'gpt-tokenizer/encoding/o200k_base';
import { describe, expect, test } from 'vitest';
import { countTokens } from '../../../src/core/tokens/count-tokens.ts';
import { tokenizerFor } from '../../../src/core/tokens/tokenizer.ts';

test.each([
  ['openai/gpt-4o', 'o200k', true],
  ['openai/gpt-4o-mini-2024-07-18', 'o200k', true],
  ['openai/gpt-4.1-nano', 'o200k', true],
  ['openai/gpt-5.6-terra', 'o200k', true],
  ['openai/o3-mini', 'o200k', true],
  ['~openai/gpt-mini-latest', 'o200k', true],
  ['OpenAI/GPT-4', 'cl100k', true],
  ['openai/gpt-4-turbo', 'cl100k', true],
  ['openai/gpt-4-0314', 'cl100k', true],
  ['openai/gpt-4:extended', 'cl100k', true],
  ['openai/gpt-3.5-turbo-instruct', 'cl100k', true],
  ['openai/text-embedding-3-large', 'cl100k', true],
  ['openai/gpt-oss-120b', 'o200k', false],
  ['anthropic/claude-sonnet-4.6', 'o200k', false],
  ['openrouter/auto', 'o200k', false],
  ['', 'o200k', false],
])('%s is counted with %s, exact: %s', (id, tokenizer, isExact) => expect(tokenizerFor(id)).toEqual({ tokenizer, isExact }));

describe('countTokens', () => {
  test('any text of short runs: matches the tokenizer', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 300 }), async (text) => {
        expect(await countTokens(text, 'o200k')).toBe(o200k(text, { disallowedSpecial: new Set() }));
      }),
      { numRuns: 50 },
    );
  });

  test('text that looks like a control token is text', async () => {
    expect(await countTokens('<|endoftext|>', 'o200k')).toBeGreaterThan(3);
    expect(await countTokens('<|im_start|>', 'cl100k')).toBeGreaterThan(3);
  });

  test('long runs are cut, with nearly the same count', async () => {
    for (const text of ['a'.repeat(5000), ' '.repeat(5000), '漢字仮名'.repeat(700), '😀'.repeat(900), 'x1'.repeat(2000)]) {
      const real = o200k(text);
      expect(Math.abs((await countTokens(text, 'o200k')) - real) / real).toBeLessThan(0.02);
    }
  });

  test('a file of a single line does not take hours', async () => {
    expect(await countTokens('a'.repeat(1_000_000), 'o200k')).toBeGreaterThan(100_000);
  });
});
