import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeUsage, laterUsage } from '../../../src/apis/chat-completions/decode-usage.ts';

const FULL = {
  prompt_tokens: 100,
  completion_tokens: 50,
  total_tokens: 150,
  cost: 0.0125,
  prompt_tokens_details: { cached_tokens: 80 },
};

const of = (...all: readonly unknown[]): ReturnType<typeof decodeUsage> =>
  decodeUsage(all.reduce((before, next) => laterUsage(before, next), undefined));

const EXPECTED = { promptTokens: 100, completionTokens: 50, totalTokens: 150, cost: '0.0125', cachedTokens: 80 };

describe('a stream that sends usage several times', () => {
  test.each<[string, readonly unknown[]]>([
    ['once', [FULL]],
    ['nothing, then all', [{}, null, FULL]],
    ['zeros, then all', [{ prompt_tokens: 0, completion_tokens: 0, total_tokens: 0, cost: 0 }, FULL]],
    ['counts that grow', [{ prompt_tokens: 100, completion_tokens: 1, total_tokens: 101, cost: 0.002 }, FULL]],
    ['all, then nothing', [FULL, {}, null, undefined, 'usage', []]],
    ['all, then nulls', [FULL, { prompt_tokens: null, completion_tokens: null, cost: null }]],
    ['all, then zeros', [FULL, { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0, cost: 0 }]],
    ['all, then one count', [FULL, { completion_tokens: 50 }]],
    ['all, then counts without a cost', [FULL, { prompt_tokens: 100, completion_tokens: 50, total_tokens: 150 }]],
    ['all, then counts with a cost that is none', [FULL, { ...FULL, cost: -1 }, { ...FULL, cost: {} }, { ...FULL, cost: 1e300 }]],
    [
      'prompt first, answer and cost later',
      [
        { prompt_tokens: 100, prompt_tokens_details: { cached_tokens: 80 } },
        { completion_tokens: 50, cost: 0.0125 },
      ],
    ],
    ['all twice', [FULL, FULL]],
  ])('%s: nothing is lost or counted twice', (_name, all) => {
    expect(of(...all)).toMatchObject(EXPECTED);
  });

  test('the last one wins', () => {
    expect(of({ prompt_tokens: 100, completion_tokens: 60, cost: 0.5 }, FULL)).toMatchObject(EXPECTED);
  });

  test('a cost of zero before the end says nothing about the end', () => {
    expect(of({ prompt_tokens: 100, cost: 0 }, { prompt_tokens: 100, completion_tokens: 50 })?.cost).toBeUndefined();
    expect(of({ prompt_tokens: 100, completion_tokens: 50, cost: 0 })?.cost).toBe('0');
  });

  test('an empty object alone is no usage', () => {
    expect(of({})).toBeUndefined();
    expect(of(null, {}, { cost: null })).toBeUndefined();
  });

  test('complete figures stay, whatever precedes or follows them', () => {
    const noise = fc.oneof(
      fc.constantFrom(
        {},
        null,
        undefined,
        0,
        'x',
        { cost: 0 },
        { prompt_tokens: 0, completion_tokens: 0 },
        { cost: -3 },
        { completion_tokens: null },
      ),
    );
    fc.assert(
      fc.property(fc.array(noise), fc.array(noise), (before, behind) => {
        expect(of(...before, FULL, ...behind)).toMatchObject(EXPECTED);
      }),
    );
  });
});
