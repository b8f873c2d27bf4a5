import { describe, expect, test } from 'vitest';
import { parseBlend } from '../../../src/core/models/blend.ts';
import { filterEndpoints, keepsNothingBy } from '../../../src/core/models/filter-endpoints.ts';
import { ENDPOINT_SORTS, sortEndpoints, uptimeOf } from '../../../src/core/models/sort-endpoints.ts';
import { decimal } from '../../../src/decimal.ts';
import type { Endpoint } from '../../../src/apis/catalogue.ts';
import { decodeEndpoint } from '../../../src/apis/openrouter/decode-catalogue.ts';

const endpoint = (tag: string, more: Record<string, unknown>): Endpoint => decodeEndpoint({ provider_name: tag, tag, ...more })!;
const ALL = [
  endpoint('one', {
    pricing: { prompt: '0.000001', completion: '0.000009' },
    context_length: 100,
    latency_last_30m: { p50: 900 },
    throughput_last_30m: { p50: 10 },
    uptime_last_30m: 99,
    quantization: 'fp8',
  }),
  endpoint('two', {
    pricing: { prompt: '0.000002', completion: '0.000003' },
    context_length: 300,
    latency_last_30m: { p50: 100 },
    throughput_last_30m: { p50: 90 },
    uptime_last_1d: 91,
    quantization: 'BF16',
  }),
  endpoint('Alpha', { pricing: { prompt: '-1', completion: '-1' } }),
];
const tags = (endpoints: readonly Endpoint[]): string => endpoints.map(({ tag }) => tag).join(' ');

test.each([
  ['price', 'two one Alpha', 'one two Alpha'],
  ['input-price', 'one two Alpha', 'two one Alpha'],
  ['output-price', 'two one Alpha', 'one two Alpha'],
  ['latency', 'two one Alpha', 'one two Alpha'],
  ['throughput', 'two one Alpha', 'one two Alpha'],
  ['uptime', 'one two Alpha', 'two one Alpha'],
  ['context', 'two one Alpha', 'one two Alpha'],
  ['name', 'Alpha one two', 'two one Alpha'],
] as const)('by %s: %s, and reversed %s', (sort, expected, reversed) => {
  const blend = parseBlend('1:1');
  const orders = [false, true].map((reverse) => tags(sortEndpoints(ALL, sort, { reverse, blend })));
  expect(orders).toEqual([expected, reversed]);
});

test.each([
  ['3:1', 'two one Alpha'],
  ['10:1', 'one two Alpha'],
  ['0:1', 'two one Alpha'],
])('by price with the blend %s: %s', (blend, expected) => {
  expect(tags(sortEndpoints(ALL, 'price', { blend: parseBlend(blend) }))).toBe(expected);
});

test('every order is tested above', () => {
  expect(ENDPOINT_SORTS).toHaveLength(8);
  expect(ALL.map(uptimeOf)).toEqual([99, 91, undefined]);
});

describe('filters', () => {
  const price = (prompt: string, completion: string) => ({ prompt: decimal(prompt), completion: decimal(completion) });
  test.each([
    [{}, 'one two Alpha'],
    [{ minContext: 300 }, 'two'],
    [{ maxPrice: price('1', '9') }, 'one'],
    [{ maxPrice: price('1', '8.999') }, ''],
    [{ quantizations: ['bf16', 'unknown'] }, 'two Alpha'],
    [{ zdr: true }, 'two'],
    [{ zdr: true, minContext: 400 }, ''],
  ])('%j leaves %s', (filter, expected) => {
    expect(tags(filterEndpoints(ALL, filter, ({ tag }) => tag === 'two'))).toBe(expected);
  });

  test('zero retention: by model and tag, and unknown without the list', () => {
    const keeps = keepsNothingBy(
      [
        { ...ALL[0]!, modelId: 'a/b' },
        { ...ALL[1]!, modelId: 'other/model' },
      ],
      ['~a/latest', 'a/b'],
    );
    expect(ALL.map(keeps)).toEqual([true, false, false]);
    expect(ALL.map(keepsNothingBy(undefined, ['a/b']))).toEqual([undefined, undefined, undefined]);
  });
});
