import { describe, expect, test } from 'vitest';
import type { Endpoint } from '../../../src/apis/catalogue.ts';
import type { RoutingPreferences } from '../../../src/apis/completion.ts';
import { decodeEndpoint } from '../../../src/apis/openrouter/decode-catalogue.ts';
import { explainRouting } from '../../../src/core/price/explain-routing.ts';
import { decodeCatalogue } from '../../../src/apis/openrouter/decode-catalogue.ts';
import { wireModel } from '../../support/catalogue.ts';

const [MODEL] = decodeCatalogue(JSON.stringify({ data: [wireModel('a/b')] })).models;

function endpoint(tag: string, prompt: string, more: object = {}): Endpoint {
  return decodeEndpoint({
    provider_name: tag,
    tag,
    pricing: { prompt, completion: prompt },
    supported_parameters: ['temperature'],
    context_length: 1000,
    ...more,
  })!;
}

const ENDPOINTS = [
  {
    endpoint: endpoint('mid', '0.000002', { throughput_last_30m: { p50: 100 }, latency_last_30m: { p50: 900 } }),
    keepsNothing: true,
  },
  { endpoint: endpoint('cheap', '0.000001', { throughput_last_30m: { p50: 20 }, quantization: 'fp8' }), keepsNothing: false },
  {
    endpoint: endpoint('fast', '0.000003', { throughput_last_30m: { p50: 300 }, latency_last_30m: { p50: 200 } }),
    keepsNothing: undefined,
  },
];

/** Returns the tags in order; a removed one with its filter. */
function explain(
  routing: RoutingPreferences,
  { promptTokens = 10, completionTokens = 0, parameters = [] as string[][] } = {},
): string[] {
  return explainRouting(MODEL!, ENDPOINTS, { routing, workload: { promptTokens, completionTokens }, parameters }).map((row) =>
    row.removedBy === undefined ? row.endpoint.tag : `${row.endpoint.tag}: ${row.removedBy}`,
  );
}

describe('the order', () => {
  test.each<[RoutingPreferences, string[]]>([
    [{}, ['cheap', 'mid', 'fast']],
    [{ sort: 'throughput' }, ['fast', 'mid', 'cheap']],
    [{ sort: 'latency' }, ['fast', 'mid', 'cheap']],
    [{ order: ['fast', 'nobody'] }, ['fast', 'cheap', 'mid']],
    [{ minThroughput: 50 }, ['mid', 'fast', 'cheap']],
    [{ maxLatency: 0.5 }, ['cheap', 'fast', 'mid']],
    [{ minThroughput: 50, order: ['cheap'] }, ['cheap', 'mid', 'fast']],
  ])('%j', (routing, tags) => {
    expect(explain(routing)).toEqual(tags);
  });
});

describe('what removes an endpoint', () => {
  test.each<[RoutingPreferences, string[]]>([
    [{ only: ['fast'] }, ['fast', 'cheap: not in --only', 'mid: not in --only']],
    [{ ignore: ['cheap'] }, ['mid', 'fast', 'cheap: in --ignore']],
    [{ quantizations: ['fp8'] }, ['cheap', 'mid: quantization unknown', 'fast: quantization unknown']],
    [{ maxPrice: { prompt: '1.5', completion: '9' } }, ['cheap', 'mid: above --max-price', 'fast: above --max-price']],
    // An endpoint of which nothing is known stays.
    [{ zeroDataRetention: true }, ['mid', 'fast', 'cheap: no zero data retention (--zdr)']],
    [{ order: ['mid'], allowFallbacks: false }, ['mid', 'cheap: not in --provider', 'fast: not in --provider']],
  ])('%j', (routing, tags) => {
    expect(explain(routing)).toEqual(tags);
  });

  test('a parameter that it does not support, only with --require-parameters', () => {
    const parameters = [['temperature'], ['top_k']];
    expect(explain({}, { parameters })).toEqual(['cheap', 'mid', 'fast']);
    expect(explain({ requireParameters: true }, { parameters })).toEqual(['cheap: no top_k', 'mid: no top_k', 'fast: no top_k']);
    expect(explain({ requireParameters: true }, { parameters: [['top_k', 'temperature']] })).toEqual(['cheap', 'mid', 'fast']);
  });

  test('a context that is too short', () => {
    expect(explain({}, { promptTokens: 2000 })).toEqual(['cheap', 'mid', 'fast'].map((tag) => `${tag}: context of 1000 tokens`));
  });
});
