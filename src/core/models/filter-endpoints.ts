import type { Decimal } from '../../decimal.ts';
import type { Endpoint, ModelEndpoint, Price } from '../../apis/catalogue.ts';

/** What an endpoint must be. Only what is given counts. */
export interface EndpointFilter {
  /** Only those of which it is known that they keep nothing. */
  zdr?: boolean | undefined;
  /** Tokens. */
  minContext?: number | undefined;
  /** USD per million tokens. What varies, or is not told, is not below it. */
  maxPrice?: { prompt: Decimal; completion: Decimal } | undefined;
  /** Lower case; `unknown` for those that do not tell. */
  quantizations?: readonly string[] | undefined;
}

/** `true` or `false` where the list of those that keep nothing is known, else undefined. */
export type KeepsNothing = (endpoint: Endpoint) => boolean | undefined;

export function filterEndpoints(endpoints: readonly Endpoint[], filter: EndpointFilter, keepsNothing: KeepsNothing): Endpoint[] {
  const { zdr, minContext, maxPrice, quantizations } = filter;
  return endpoints.filter(
    (endpoint) =>
      (zdr !== true || keepsNothing(endpoint) === true) &&
      (minContext === undefined || (endpoint.contextLength ?? 0) >= minContext) &&
      (maxPrice === undefined ||
        (isAtMost(endpoint.pricing.prompt, maxPrice.prompt) && isAtMost(endpoint.pricing.completion, maxPrice.completion))) &&
      (quantizations === undefined || quantizations.includes(endpoint.quantization?.toLowerCase() ?? 'unknown')),
  );
}

/** Looks endpoints of these models (ids, an alias and its target) up in the API's list of those that keep nothing. */
export function keepsNothingBy(
  list: readonly ModelEndpoint[] | undefined,
  modelIds: readonly (string | undefined)[],
): KeepsNothing {
  if (list === undefined) return () => undefined;
  const tags = new Set(list.filter(({ modelId }) => modelIds.includes(modelId)).map(({ tag }) => tag));
  return ({ tag }) => tags.has(tag);
}

function isAtMost(price: Price | undefined, perMillion: Decimal): boolean {
  return typeof price === 'object' && price.times(1_000_000).lte(perMillion);
}
