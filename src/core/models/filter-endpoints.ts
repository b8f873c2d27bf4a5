import type { Decimal } from '../../decimal.ts';
import type { Endpoint, ModelEndpoint, Price } from '../../apis/catalogue.ts';

/** Conditions for endpoints. Undefined ones do not apply. */
export interface EndpointFilter {
  /** Only endpoints that are known to store nothing. */
  zdr?: boolean | undefined;
  /** Tokens. */
  minContext?: number | undefined;
  /** USD per million tokens. A price that varies or is not known does not match. */
  maxPrice?: { prompt: Decimal; completion: Decimal } | undefined;
  /** Lower case; `unknown` matches endpoints without this information. */
  quantizations?: readonly string[] | undefined;
}

/** Returns whether the endpoint stores nothing; undefined if the API's list of such endpoints is not available. */
export type KeepsNothing = (endpoint: Endpoint) => boolean | undefined;

/** Returns the endpoints that pass all parts of the filter. An endpoint whose data retention is not known fails `zdr`. */
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

/**
 * Returns a function that looks up endpoints of these models (ids, an alias and its target) in the API's list of endpoints that store nothing.
 */
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
