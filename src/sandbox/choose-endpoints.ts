import { type Decimal, decimal } from '../decimal.ts';
import type { RoutingPreferences } from '../apis/completion.ts';
import { type EndpointDataPolicy, type EndpointFacts, type ModelFacts, PROVIDERS } from './model-facts.ts';
import { noEndpoint, refusal } from './refusals.ts';
import { endpointPrices, endpointTag } from './catalogue.ts';

/** What a request requires of an endpoint, in addition to its preferences. */
export interface Needs {
  promptTokens: number;
  hasImages: boolean;
  hasTools: boolean;
}

/**
 * Returns the endpoints that may answer, in the order in which to try them. Without a preference the cheapest comes first: the
 * API weighs prices at random, and the sandbox omits the randomness. Throws the API's 404 when a filter leaves no endpoint.
 */
export function chooseEndpoints(model: ModelFacts, routing: RoutingPreferences, needs: Needs): readonly EndpointFacts[] {
  return inOrder(model, allowed(model, routing, needs), routing);
}

function allowed(model: ModelFacts, routing: RoutingPreferences, needs: Needs): readonly EndpointFacts[] {
  const { only, ignore, order, quantizations, maxPrice } = routing;
  const policyOf = (endpoint: EndpointFacts): EndpointDataPolicy => PROVIDERS[endpoint.provider].policy;
  let left = model.endpoints;
  const keep = (isAllowed: (endpoint: EndpointFacts) => boolean, failure: () => Error): void => {
    left = left.filter(isAllowed);
    if (left.length === 0) throw failure();
  };
  keep(
    (endpoint) =>
      (only === undefined || matches(endpoint, only)) &&
      (ignore === undefined || !matches(endpoint, ignore)) &&
      (order === undefined || routing.allowFallbacks !== false || matches(endpoint, order)),
    () =>
      noEndpoint('No allowed providers are available for the selected model.', model.id, {
        excludedBy: ['allowed_providers'],
        metadata: { available_providers: model.endpoints.map(endpointTag), requested_providers: only ?? order ?? [] },
      }),
  );
  if (routing.zeroDataRetention === true) {
    keep(
      (endpoint) => policyOf(endpoint) === 'zero-retention',
      () => privacyFailure(model.id, 'Zero data retention', 'data_policy:zdr'),
    );
  }
  if (routing.dataCollection === 'deny') {
    const isPrivate = (endpoint: EndpointFacts): boolean => ['zero-retention', 'brief-retention'].includes(policyOf(endpoint));
    keep(isPrivate, () => privacyFailure(model.id, 'No data collection', 'data_policy:training'));
  }
  if (quantizations !== undefined) {
    keep(
      (endpoint) => quantizations.includes(endpoint.quantization ?? 'unknown'),
      () =>
        noEndpoint(`No endpoints found that match the requested quantizations: ${quantizations.join(', ')}.`, model.id, {
          excludedBy: ['quantization'],
        }),
    );
  }
  if (maxPrice !== undefined) {
    keep(
      (endpoint) => {
        const prices = endpointPrices(model, endpoint);
        return (
          perMillion(prices.prompt).lte(decimal(maxPrice.prompt)) &&
          perMillion(prices.completion).lte(decimal(maxPrice.completion))
        );
      },
      () => noEndpoint('No endpoints found that satisfy the max price.', model.id, { excludedBy: ['max_price'] }),
    );
  }
  if (needs.hasTools && !model.parameters.includes('tools')) throw unsupported('tool use', model.id);
  if (needs.hasImages && !model.input.includes('image')) throw unsupported('image input', model.id);
  keep(
    (endpoint) => needs.promptTokens <= contextLength(model, endpoint),
    () => tooLong(model, needs.promptTokens),
  );
  return left;
}

function inOrder(model: ModelFacts, endpoints: readonly EndpointFacts[], routing: RoutingPreferences): readonly EndpointFacts[] {
  const { sort, order, minThroughput, maxLatency } = routing;
  const rank = (endpoint: EndpointFacts): number => {
    const index = order?.findIndex((name) => matches(endpoint, [name])) ?? -1;
    return index < 0 ? Number.MAX_SAFE_INTEGER : index;
  };
  const isSlow = ({ throughput, latencyMs }: EndpointFacts): boolean =>
    throughput < (minThroughput ?? 0) || latencyMs > (maxLatency ?? Infinity) * 1000;
  const price = (endpoint: EndpointFacts): Decimal => {
    const { prompt, completion } = endpointPrices(model, endpoint);
    return decimal(prompt).plus(decimal(completion));
  };
  const sorted = endpoints.toSorted((a, b) => {
    if (rank(a) !== rank(b)) return rank(a) - rank(b);
    if (isSlow(a) !== isSlow(b)) return Number(isSlow(a)) - Number(isSlow(b));
    if (sort === 'throughput') return b.throughput - a.throughput;
    if (sort === 'latency') return a.latencyMs - b.latencyMs;
    return price(a).cmp(price(b));
  });
  return routing.allowFallbacks === false && order === undefined ? sorted.slice(0, 1) : sorted;
}

/** Returns whether an endpoint has one of these names: the slug of its provider, its own tag, or the provider's display name. */
function matches(endpoint: EndpointFacts, names: readonly string[]): boolean {
  const tag = endpointTag(endpoint);
  const { slug } = PROVIDERS[endpoint.provider];
  return names.some((name) => {
    const plain = name.toLowerCase();
    return plain === tag || plain === slug || plain === endpoint.provider.toLowerCase();
  });
}

function contextLength(model: ModelFacts, endpoint: EndpointFacts): number {
  return endpoint.contextLength ?? model.contextLength;
}

function perMillion(price: string): Decimal {
  return decimal(price).times(1_000_000);
}

function privacyFailure(model: string, policy: string, excludedBy: string): Error {
  return noEndpoint(`No endpoints found matching your data policy (${policy}).`, model, {
    excludedBy: [excludedBy],
    isPrivacy: true,
  });
}

function unsupported(feature: string, model: string): Error {
  return noEndpoint(`No endpoints found that support ${feature}.`, model, { excludedBy: ['require_parameters'] });
}

function tooLong(model: ModelFacts, promptTokens: number): Error {
  const most = Math.max(...model.endpoints.map((endpoint) => contextLength(model, endpoint)));
  return refusal({
    code: 400,
    message: `This endpoint's maximum context length is ${most} tokens. However, you requested about ${promptTokens} tokens.`,
    metadata: { error_type: 'context_length_exceeded' },
  });
}
