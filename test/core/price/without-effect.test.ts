import { expect, test } from 'vitest';
import type { Endpoint } from '../../../src/apis/catalogue.ts';
import type { RoutingPreferences } from '../../../src/apis/completion.ts';
import { decodeEndpoint } from '../../../src/apis/openrouter/decode-catalogue.ts';
import { withoutEffect } from '../../../src/core/price/without-effect.ts';

const endpoint = (tag: string, speed: number, more: object = {}): Endpoint =>
  decodeEndpoint({
    provider_name: tag,
    tag,
    pricing: { prompt: '0.000001', completion: '0.000002' },
    throughput_last_30m: { p50: speed },
    latency_last_30m: { p50: 1000 / speed },
    quantization: 'fp8',
    ...more,
  })!;

const ONE = [endpoint('one/fp8', 10)];
const TWO = [...ONE, endpoint('two', 100)];
const WITH_TIER = [...ONE, endpoint('one/flex', 10)];

const told = (endpoints: readonly Endpoint[], routing: RoutingPreferences): string[] =>
  withoutEffect({ id: 'a/b' }, endpoints, routing).map(({ flag, because }) => `${flag}: ${because}`);

test.each<[string, readonly Endpoint[], RoutingPreferences, string[]]>([
  ['an order of one', ONE, { order: ['one'] }, ['--provider: a/b has one provider']],
  ['a closed service tier is no provider', WITH_TIER, { order: ['one'] }, ['--provider: a/b has one provider']],
  ['a sort of one', ONE, { sort: 'latency' }, ['--route-by: a/b has one provider']],
  ['no fallbacks of one', ONE, { allowFallbacks: false }, ['--no-provider-fallbacks: a/b has one provider']],
  ['an order of nobody', TWO, { order: ['x', 'y'] }, ['--provider: x, y do not serve a/b']],
  ['ignoring nobody', TWO, { ignore: ['x'] }, ['--ignore: x does not serve a/b']],
  ['only with nobody', TWO, { only: ['two', 'x'] }, ['--only: x does not serve a/b']],
  ['only with all', TWO, { only: ['ONE', 'two'] }, ['--only: it names every provider of a/b']],
  ['a price above all', TWO, { maxPrice: { prompt: '1', completion: '2' } }, ['--max-price: every price of a/b is within it']],
  ['the only quantization', TWO, { quantizations: ['FP8', 'bf16'] }, ['--quantization: every provider of a/b matches']],
  ['a speed that all have', TWO, { minThroughput: 10 }, ['--min-throughput: every provider of a/b is that fast']],
  ['a speed that none has', TWO, { minThroughput: 101 }, ['--min-throughput: no provider of a/b is that fast']],
  ['a wait that all meet', TWO, { maxLatency: 0.1 }, ['--max-latency: every provider of a/b is that fast']],
])('%s has no effect', (_, endpoints, routing, wanted) => {
  expect(told(endpoints, routing)).toEqual(wanted);
});

test.each<[string, readonly Endpoint[], RoutingPreferences]>([
  ['nothing', TWO, {}],
  ['a choice between two', TWO, { order: ['two'], ignore: ['one'], sort: 'price', allowFallbacks: false, minThroughput: 50 }],
  [
    'a price between theirs',
    [...TWO, endpoint('dear', 1, { pricing: { prompt: '1', completion: '1' } })],
    { maxPrice: { prompt: '1', completion: '2' } },
  ],
  ['what leaves no provider', TWO, { only: ['x'] }],
  ['an unknown speed', [...TWO, endpoint('new', 1, { throughput_last_30m: null })], { minThroughput: 1 }],
  ['a router, which has no endpoints', [], { only: ['x'], sort: 'price' }],
  [
    'a data policy, which protects in any case',
    ONE,
    { dataCollection: 'deny', zeroDataRetention: true, requireParameters: true },
  ],
])('%s is not reported', (_, endpoints, routing) => {
  expect(told(endpoints, routing)).toEqual([]);
});
