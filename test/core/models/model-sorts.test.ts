import { describe, expect, test } from 'vitest';
import { blendedPrice, parseBlend } from '../../../src/core/models/blend.ts';
import { bestEndpoint, type MarketFacts } from '../../../src/core/models/market-facts.ts';
import { mapAtMost } from '../../../src/core/models/map-at-most.ts';
import { modelValue } from '../../../src/core/models/value.ts';
import type { ModelSort } from '../../../src/core/models/sorts.ts';
import { type SortOptions, sortModels } from '../../../src/core/models/sort-models.ts';
import { decimalText } from '../../../src/decimal.ts';
import { decodeEndpoint } from '../../../src/apis/openrouter/decode-catalogue.ts';
import { makeModel, outputs } from '../../support/catalogue.ts';

const points = (intelligence: number | null, coding?: number) => ({
  benchmarks: { artificial_analysis: { intelligence_index: intelligence, coding_index: coding } },
});
const endpoint = (throughput: number | null, latency: number | null, uptime: number | null) =>
  decodeEndpoint({
    provider_name: 'P',
    tag: 'p',
    throughput_last_30m: throughput === null ? null : { p50: throughput },
    latency_last_30m: latency === null ? null : { p50: latency },
    uptime_last_30m: uptime,
  })!;

const a = makeModel('x/a', { in: '0.000001', out: '0.000005' }, points(40, 10));
const b = makeModel('x/b', { in: '0.000002', out: '0.000002' }, points(30, 80));
const free = makeModel('x/free', { in: '0', out: '0' }, points(20));
const freer = makeModel('x/freer', { in: '0', out: '0' }, points(21));
const unknown = makeModel('x/unknown', { in: '0.000003', out: '0.000001' });
const router = makeModel('x/router', { in: '-1', out: '-1' }, points(99));
const video = makeModel('x/video', { in: '0', out: '0' }, outputs('video'));
const models = [video, router, unknown, freer, free, b, a];
const facts: MarketFacts = {
  endpoints: new Map([
    ['x/a', [endpoint(10, 900, 99), endpoint(50, 700, null)]],
    ['x/b', [endpoint(80, 2000, 90)]],
    ['x/free', [endpoint(null, null, null)]],
    ['x/router', []],
  ]),
};
const sorted = (sort: ModelSort, options: SortOptions = {}): string =>
  sortModels(models, sort, options)
    .map(({ id }) => id.slice(2))
    .join(' ');

describe('sortModels', () => {
  test.each<[ModelSort, SortOptions, string]>([
    // 3:1 is 8, 8 and 10 for a, b and unknown; 1:1 is 6, 4 and 4; 0:1 is the output alone.
    ['price', {}, 'free freer a b unknown video router'],
    ['price', { blend: parseBlend('1:1') }, 'free freer b unknown a video router'],
    ['price', { blend: parseBlend('0:1'), reverse: true }, 'a b unknown free freer video router'],
    ['input-price', {}, 'free freer a b unknown video router'],
    ['input-price', { reverse: true }, 'unknown b a free freer video router'],
    ['output-price', {}, 'free freer unknown b a video router'],
    ['throughput', { facts }, 'b a free freer router unknown video'],
    ['throughput', { facts, reverse: true }, 'a b free freer router unknown video'],
    ['latency', { facts }, 'a b free freer router unknown video'],
    ['uptime', { facts }, 'a b free freer router unknown video'],
    ['uptime', {}, 'a b free freer router unknown video'],
    // Points per dollar of the blended price: a 40/2, b 30/2.
    ['value', {}, 'freer free a b router unknown video'],
    ['value', { benchmark: 'coding' }, 'b a free freer router unknown video'],
    ['value', { blend: parseBlend('0:1') }, 'freer free b a router unknown video'],
    ['value', { reverse: true }, 'b a free freer router unknown video'],
  ])('%s %j', (sort, options, ids) => {
    expect(sorted(sort, options)).toBe(ids);
  });
});

test('the best of a model’s endpoints, each figure separately', () => {
  expect(bestEndpoint(a, facts)).toEqual({ throughput: 50, latency: 700, uptime: 99 });
  expect(bestEndpoint(free, facts)).toEqual({});
  expect(bestEndpoint(a, undefined)).toEqual({});
});

describe('blend', () => {
  test.each([
    ['3:1', '0.000002'],
    ['1:0', '0.000001'],
    ['0:7', '0.000005'],
    ['0.5:0.5', '0.000003'],
  ])('%s of 1 and 5 dollars per million', (blend, price) => {
    expect(decimalText(blendedPrice(a, parseBlend(blend))!)).toBe(price);
  });

  test('has no price for models without a price per token', () => {
    for (const model of [router, video]) expect(blendedPrice(model, parseBlend('3:1'))).toBeUndefined();
  });

  test('is exact with prices of many digits', () => {
    const odd = makeModel('x/odd', { in: '0.00000008333333333333334', out: '0.00000000000000000000002' });
    expect(decimalText(blendedPrice(odd, parseBlend('3:1'))!)).toBe('0.00000006250000000000001');
  });

  test.each(['', '3', '0:0', 'a:1', '-1:1'])('%j is not a blend', (text) => {
    expect(() => parseBlend(text)).toThrow(/such as 3:1/);
  });
});

test('value: points per dollar of a million tokens; free for models without cost', () => {
  const blend = parseBlend('3:1');
  expect(String(modelValue(a, 'intelligence', blend))).toBe('20');
  expect(modelValue(free, 'intelligence', blend)).toBe('free');
  for (const model of [unknown, router, video]) expect(modelValue(model, 'intelligence', blend)).toBeUndefined();
  expect(modelValue(free, 'coding', blend)).toBeUndefined();
});

describe('mapAtMost', () => {
  test('returns the results in order and never exceeds the limit', async () => {
    let [running, most] = [0, 0];
    const waiting: (() => void)[] = [];
    const done = mapAtMost(3, [5, 4, 3, 2, 1, 0], async (item) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise<void>((resolve) => waiting.push(resolve));
      running -= 1;
      return item * 10;
    });
    for (let left = 6; left > 0; left -= 1) {
      waiting.pop()!();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await done).toEqual([50, 40, 30, 20, 10, 0]);
    expect(most).toBe(3);
  });

  test('ends with the first failure and starts nothing after it', async () => {
    const seen: number[] = [];
    const work = async (item: number): Promise<void> => {
      seen.push(item);
      if (item === 1) throw new Error('one');
    };
    await expect(mapAtMost(1, [0, 1, 2, 3], work)).rejects.toThrow('one');
    expect(seen).toEqual([0, 1]);
    expect(await mapAtMost(4, [], work)).toEqual([]);
  });
});
