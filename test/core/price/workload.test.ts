import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { imageTokens } from '../../../src/core/tokens/image-tokens.ts';
import { parseShare } from '../../../src/core/price/parse-share.ts';
import { checkShares, planWorkload, type WorkloadPlan } from '../../../src/core/price/plan-workload.ts';
import { promptCounter } from '../../../src/core/price/prompt-count.ts';
import { decimal, decimalText } from '../../../src/decimal.ts';

describe('parseShare', () => {
  test.each([
    ['80%', '0.8'],
    ['0.8', '0.8'],
    ['12.5 %', '0.125'],
    ['0', '0'],
    ['1', '1'],
    ['100%', '1'],
  ])('%s', (text, share) => expect(decimalText(parseShare('--cached', text))).toBe(share));

  test.each(['', '80', '101%', '-5%', '1.1', 'most', '%', '1e-1'])('%j is not a share', (text) => {
    expect(() => parseShare('--cached', text)).toThrow(/--cached must be a share, such as 80% or 0.8/);
  });

  test('more than the whole', () => {
    expect(() => checkShares(decimal('0.6'), decimal('0.5'))).toThrow('more than the whole prompt');
    checkShares(decimal('0.6'), decimal('0.4'));
  });
});

describe('planWorkload', () => {
  const plan: WorkloadPlan = {
    cachedShare: decimal(0),
    cacheWriteShare: decimal(0),
    output: undefined,
    usesPast: false,
    reasoning: 0,
    images: [],
    searches: 0,
  };
  const planned = (more: Partial<WorkloadPlan>, tokens = 1000, past?: { samples: number; median: number; p90: number }) =>
    planWorkload('openai/gpt-4o', { tokens }, { ...plan, ...more }, past);

  test('the answer: given, usual for the model, or assumed; reasoning is added unless past answers include it', () => {
    expect(planned({ output: 400 })).toMatchObject({ completionTokens: 400, outputFrom: 'given' });
    expect(planned({ output: 400, reasoning: 100 })).toMatchObject({ completionTokens: 500, reasoningTokens: 100 });
    expect(planned({})).toMatchObject({ completionTokens: 1000, outputFrom: 'default' });
    const past = { samples: 12, median: 411.5, p90: 900 };
    expect(planned({}, 1, past)).toMatchObject({ completionTokens: 412, outputFrom: 'ledger', outputSamples: 12 });
    expect(planned({ reasoning: 1000 }, 1, past)).toMatchObject({ completionTokens: 1000, reasoningTokens: 1000 });
    expect(planned({ output: 7 }, 1, past)).toMatchObject({ completionTokens: 7, outputFrom: 'given' });
  });

  test('images count by their size', () => {
    const images = [
      { width: 1024, height: 1024 },
      { width: 10, height: 10 },
    ];
    expect(planned({ images })).toMatchObject({ images: 2, imageTokens: 765 + 255 });
  });

  test('shares are whole tokens and never exceed the prompt', () => {
    expect(planned({ cachedShare: decimal('0.8') }, 1201)).toMatchObject({ cachedTokens: 961, cacheWriteTokens: 0 });
    fc.assert(
      fc.property(fc.nat(10_000_000), fc.nat(1000), fc.nat(1000), (tokens, one, other) => {
        const cached = Math.min(one, 1000 - Math.min(other, 1000 - Math.min(one, 1000)));
        const workload = planned(
          { cachedShare: decimal(cached).div(1000), cacheWriteShare: decimal(1000 - cached).div(1000) },
          tokens,
        );
        expect(workload.cachedTokens! + workload.cacheWriteTokens!).toBeLessThanOrEqual(tokens);
        expect(workload.cachedTokens! + workload.cacheWriteTokens!).toBeGreaterThanOrEqual(tokens - 1);
        expect(Number.isSafeInteger(workload.cachedTokens) && workload.cacheWriteTokens! >= 0).toBe(true);
      }),
    );
  });
});

// From the vendors' own examples, if they give some.
test.each([
  ['openai/gpt-4o', 1024, 1024, 765],
  ['openai/gpt-4o', 2048, 4096, 1105],
  ['openai/gpt-4o', 100, 100, 255],
  ['openai/gpt-4o-mini', 512, 512, 8500],
  ['openai/gpt-5-mini', 1024, 1024, 630],
  ['openai/o3', 512, 512, 225],
  ['anthropic/claude-sonnet-4.6', 200, 200, 54],
  ['anthropic/claude-sonnet-4.6', 1000, 1000, 1334],
  ['anthropic/claude-sonnet-4.6', 100_000, 100_000, 1600],
  ['google/gemini-2.5-flash', 384, 384, 258],
  ['google/gemini-2.5-flash', 960, 540, 1548],
  ['qwen/qwen3-vl-30b', 280, 280, 102],
  ['qwen/qwen3-vl-30b', 9000, 9000, 1282],
  ['somebody/sees', 1000, 1000, 1334],
  ['somebody/sees', 1, 1, 1],
])('%s: an image of %i × %i has %i tokens', (id, width, height, tokens) =>
  expect(imageTokens(id, { width, height })).toBe(tokens),
);

describe('promptCounter', () => {
  const user = 'Why is the sky blue?';

  test("OpenAI's own tokenizers are exact, with the message overhead; other families get a margin", async () => {
    const count = promptCounter({ user });
    expect(await count('openai/gpt-4o')).toEqual({ tokens: 6 + 7, countedWith: 'o200k', isExact: true });
    expect(await count('openai/gpt-4-turbo')).toEqual({ tokens: 6 + 7, countedWith: 'cl100k', isExact: true });
    expect(await count('anthropic/claude-sonnet-4.6')).toEqual({
      tokens: 13,
      countedWith: 'o200k',
      isExact: false,
      margin: { low: 0.9, high: 1.13 },
    });
    expect(await promptCounter({ system: 'Be brief.', user })('openai/gpt-4o')).toMatchObject({ tokens: 6 + 3 + 11 });
    expect((await promptCounter({ user: '空はなぜ青い?' })('somebody/else')).margin).toEqual({ low: 0.64, high: 1.53 });
  });

  test('the ledger corrects an estimate, and an exact count stays', async () => {
    const calibration = { samples: 38, ratio: 1.5, high: 1.8, overhead: 0 };
    const count = promptCounter({ user: 'word '.repeat(100).trim() });
    const { tokens, ...rest } = await count('anthropic/claude-sonnet-4.6', calibration);
    expect(tokens).toBeGreaterThan(130);
    expect(tokens).toBeLessThan(160);
    expect(rest).toEqual({ countedWith: 'ledger', isExact: false, samples: 38, margin: { low: 1 / 1.2, high: 1.8 / 1.5 } });
    expect(await count('openai/gpt-4o', calibration)).toMatchObject({ countedWith: 'o200k', isExact: true });
  });

  test('a text that would take seconds is estimated, with a notice', async () => {
    const counted = await promptCounter({ user: 'word '.repeat(1_000_000) })('openai/gpt-4o');
    expect(counted).toMatchObject({ countedWith: 'characters', isExact: false });
    expect(counted.tokens).toBeGreaterThan(800_000);
  });
});
