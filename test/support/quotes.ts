import type { Workload } from '../../src/core/price/quote.ts';
import { quoteEndpoints } from '../../src/core/price/quote-range.ts';
import { rankQuotes, type RankedQuote } from '../../src/core/price/rank-quotes.ts';
import type { Endpoint, Model } from '../../src/apis/catalogue.ts';
import type { RoutingPreferences } from '../../src/apis/completion.ts';
import { decodeEndpoints } from '../../src/apis/openrouter/decode-catalogue.ts';

const NOON = new Date('2026-08-05T12:00:00Z');

/** Quotes models for one workload at noon, in order, at the catalogue's prices if no endpoints are given. */
export function quoteAll(
  models: readonly Model[],
  workload: Workload,
  { endpoints, routing = {} }: { endpoints?: (model: Model) => readonly Endpoint[]; routing?: RoutingPreferences } = {},
): RankedQuote[] {
  return rankQuotes(
    models.map((model) => ({
      model,
      workload: { ...workload, outputFrom: 'given' },
      quote: quoteEndpoints(model, endpoints?.(model), workload, routing, NOON),
    })),
  );
}

/** Returns an endpoint in the API's format. */
export function wireEndpoint(
  tag: string,
  pricing: Record<string, unknown>,
  more: Record<string, unknown> = {},
): Record<string, unknown> {
  return { provider_name: tag.split('/')[0]!.toUpperCase(), tag, pricing, context_length: 100_000, quantization: 'fp8', ...more };
}

/** Returns the same endpoint, decoded. */
export function makeEndpoint(tag: string, pricing: Record<string, unknown>, more: Record<string, unknown> = {}): Endpoint {
  return decodeEndpoints(JSON.stringify({ endpoints: [wireEndpoint(tag, pricing, more)] })).endpoints[0]!;
}
