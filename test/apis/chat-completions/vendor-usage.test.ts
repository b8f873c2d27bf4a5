import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { laterUsage } from '../../../src/apis/chat-completions/decode-usage.ts';
import { decodeVendorUsage } from '../../../src/apis/chat-completions/vendor-usage.ts';
import { CHAT_DEVIATIONS, type ChatDeviations } from '../../../src/apis/chat-deviations.ts';

const read = (wire: unknown, deviations: ChatDeviations = {}) => decodeVendorUsage(wire, deviations)!;

describe('the usage of a vendor', () => {
  test("in OpenAI's format", () => {
    const wire = {
      prompt_tokens: 100,
      completion_tokens: 50,
      total_tokens: 150,
      prompt_tokens_details: { cached_tokens: 40, cache_write_tokens: 30 },
      completion_tokens_details: { reasoning_tokens: 20 },
    };
    expect(read(wire)).toEqual({
      promptTokens: 100,
      completionTokens: 50,
      totalTokens: 150,
      cachedTokens: 40,
      cacheWriteTokens: 30,
      reasoningTokens: 20,
      cost: undefined,
      wire,
    });
  });

  test.each([
    ['DeepSeek', { prompt_cache_hit_tokens: 8, prompt_cache_miss_tokens: 2 }],
    ['Mistral', { num_cached_tokens: 8 }],
    ['Mistral in the singular', { prompt_token_details: { cached_tokens: 8 } }],
    ['Moonshot', { cached_tokens: 8 }],
    ['llama.cpp', { timings: { cache_n: 8, prompt_n: 2, predicted_n: 5 } }],
  ])('%s counts cached tokens in its own field', (_name, fields) => {
    expect(read({ prompt_tokens: 10, completion_tokens: 5, total_tokens: 15, ...fields })).toMatchObject({
      promptTokens: 10,
      cachedTokens: 8,
    });
  });

  test('llama.cpp without usage is read from its timings', () => {
    const usage = read({ timings: { cache_n: 8, prompt_n: 2, predicted_n: 5 } });
    expect(usage).toMatchObject({ promptTokens: 10, completionTokens: 5, totalTokens: 15, cachedTokens: 8 });
  });

  test('xAI leaves reasoning out of the output, and may leave cached tokens out of the prompt', () => {
    const wire = (total?: number) => ({
      prompt_tokens: 12,
      completion_tokens: 1,
      total_tokens: total,
      prompt_tokens_details: { cached_tokens: 20 },
      completion_tokens_details: { reasoning_tokens: 290 },
    });
    for (const total of [303, undefined])
      expect(read(wire(total), CHAT_DEVIATIONS.xai)).toMatchObject({
        promptTokens: 32,
        cachedTokens: 20,
        completionTokens: 291,
        reasoningTokens: 290,
        totalTokens: 323,
      });
    // Another host of the same model: the total shows which counting applies.
    expect(read(wire(303))).toMatchObject({ promptTokens: 12, cachedTokens: 12, completionTokens: 291, totalTokens: 303 });
  });

  test('tokens that only the total contains are output', () => {
    expect(read({ prompt_tokens: 10, completion_tokens: 5, total_tokens: 100 })).toMatchObject({
      completionTokens: 90,
      totalTokens: 100,
    });
  });

  test.each([
    [{ cost: 0.00012 }, '0.00012'],
    [{ cost: '0.5' }, '0.5'],
    [{ cost: { input_tokens_cost: 0.00001, total_cost: 0.00501 } }, '0.00501'],
    [{ cost_in_usd_ticks: 1_466_250 }, '0.000146625'],
    [{ cost: 0 }, undefined],
    [{ cost: { total_cost: 0 } }, undefined],
    [{ cost_in_usd_ticks: 0 }, undefined],
    [{ cost: { total_cost: -1 } }, undefined],
    [{ cost: ['1'] }, undefined],
    [{ cost: { total_cost: { usd: 1 } } }, undefined],
    [{ cost_in_usd_ticks: '9' }, undefined],
    [{}, undefined],
  ])("a cost is the vendor's value: %o", (fields, cost) => {
    expect(read({ prompt_tokens: 1, completion_tokens: 1, ...fields }).cost).toBe(cost);
  });

  test('a cost that grows with the chunks counts with its last value', () => {
    const wires = [0, 0, 0.00501, 0].map((total) => ({ prompt_tokens: 8, completion_tokens: 5, cost: { total_cost: total } }));
    expect(read(wires.reduce<unknown>(laterUsage, undefined)).cost).toBe('0.00501');
  });

  test.each([undefined, null, 7, 'x', []])('%o is not a usage', (wire) => expect(decodeVendorUsage(wire, {})).toBeUndefined());
});

describe('the parts of any usage', () => {
  const count = fc.option(fc.nat(100_000), { nil: undefined });
  const wires = fc.record({
    prompt_tokens: count,
    completion_tokens: count,
    total_tokens: count,
    prompt_tokens_details: fc.option(fc.record({ cached_tokens: count, cache_write_tokens: count }), { nil: undefined }),
    completion_tokens_details: fc.option(fc.record({ reasoning_tokens: count }), { nil: undefined }),
    prompt_cache_hit_tokens: count,
    reasoning_tokens: count,
    timings: fc.option(fc.record({ cache_n: count, prompt_n: count, predicted_n: count }), { nil: undefined }),
  });
  const rows = fc.constantFrom<ChatDeviations>({}, ...Object.values(CHAT_DEVIATIONS));

  test('do not exceed the whole, and add up to the total', () => {
    fc.assert(
      fc.property(wires, rows, (wire, deviations) => {
        const usage = read(wire, deviations);
        const { promptTokens, completionTokens, cachedTokens = 0, cacheWriteTokens = 0, reasoningTokens = 0 } = usage;
        const buckets = [
          promptTokens - cachedTokens - cacheWriteTokens,
          cachedTokens,
          cacheWriteTokens,
          completionTokens - reasoningTokens,
          reasoningTokens,
        ];
        expect(Math.min(...buckets)).toBeGreaterThanOrEqual(0);
        expect(buckets.reduce((sum, tokens) => sum + tokens)).toBe(usage.totalTokens);
        // No counted token is lost.
        expect(usage.promptTokens).toBeGreaterThanOrEqual(wire.prompt_tokens ?? 0);
        expect(usage.completionTokens).toBeGreaterThanOrEqual(wire.completion_tokens ?? 0);
      }),
      { numRuns: 2000 },
    );
  });

  test("add up to the vendor's total, if its counts can", () => {
    const honest = fc.record({ prompt: fc.nat(9999), completion: fc.nat(9999), reasoning: fc.nat(9999), hidden: fc.boolean() });
    fc.assert(
      fc.property(honest, rows, ({ prompt, completion, reasoning, hidden }, deviations) => {
        const within = Math.min(reasoning, completion);
        const wire = hidden
          ? {
              completion_tokens: completion,
              total_tokens: prompt + completion + reasoning,
              completion_tokens_details: { reasoning_tokens: reasoning },
            }
          : {
              completion_tokens: completion,
              total_tokens: prompt + completion,
              completion_tokens_details: { reasoning_tokens: within },
            };
        const usage = read({ prompt_tokens: prompt, ...wire }, deviations);
        expect(usage.totalTokens).toBe(wire.total_tokens);
        expect(usage.promptTokens).toBe(prompt);
      }),
    );
  });
});
