import type { Endpoint, Model } from '../../apis/catalogue.ts';
import type { RoutingPreferences } from '../../apis/completion.ts';
import { isNamed, whyExcluded } from './endpoint-exclusion.ts';
import type { Workload } from './quote.ts';

/** An endpoint, and what routing does with it. */
export interface RoutedEndpoint {
  endpoint: Endpoint;
  keepsNothing: boolean | undefined;
  /** The filter that removes it, in a few words; undefined if the API may use it. */
  removedBy?: string | undefined;
  /** The API tries it after the others, because it is slower than the user prefers. */
  isSlow: boolean;
}

export interface RoutingQuestion {
  routing: RoutingPreferences;
  workload: Workload;
  /** The parameters of the request, each with its names in catalogs. */
  parameters: readonly (readonly string[])[];
}

/**
 * Returns all endpoints of a model: first those that the API may use, in the order in which it tries them, then the removed ones.
 * Without --route-by the API chooses at random, cheap ones more often, so that order is only the most likely one.
 */
export function explainRouting(
  model: Pick<Model, 'id'>,
  endpoints: readonly { endpoint: Endpoint; keepsNothing: boolean | undefined }[],
  { routing, workload, parameters }: RoutingQuestion,
): RoutedEndpoint[] {
  const rows = endpoints.map(({ endpoint, keepsNothing }): RoutedEndpoint => ({
    endpoint,
    keepsNothing,
    removedBy:
      whyExcluded(model, endpoint, workload, routing) ??
      (routing.zeroDataRetention === true && keepsNothing === false ? 'no zero data retention (--zdr)' : undefined) ??
      (routing.requireParameters === true ? unsupported(endpoint, parameters) : undefined),
    isSlow: isSlow(endpoint, routing),
  }));
  const rank = ({ endpoint }: RoutedEndpoint): number => {
    const index = routing.order?.findIndex((name) => isNamed(endpoint, [name])) ?? -1;
    return index < 0 ? Number.MAX_SAFE_INTEGER : index;
  };
  return rows.toSorted(
    (a, b) =>
      Number(a.removedBy !== undefined) - Number(b.removedBy !== undefined) ||
      rank(a) - rank(b) ||
      Number(a.isSlow) - Number(b.isSlow) ||
      measureOf(a.endpoint, routing) - measureOf(b.endpoint, routing),
  );
}

function unsupported({ supportedParameters }: Endpoint, parameters: RoutingQuestion['parameters']): string | undefined {
  const missing = parameters.find((names) => names.every((name) => !supportedParameters.includes(name)));
  return missing === undefined ? undefined : `no ${missing[0]}`;
}

/** A speed that is not known is not slow. Latency is in milliseconds, the preference in seconds. */
function isSlow({ throughput, latency }: Endpoint, { minThroughput, maxLatency }: RoutingPreferences): boolean {
  const isBelow = minThroughput !== undefined && throughput?.p50 !== undefined && throughput.p50 < minThroughput;
  return isBelow || (maxLatency !== undefined && latency?.p50 !== undefined && latency.p50 > maxLatency * 1000);
}

/** Returns what the order goes by, lowest first; Infinity if it is not known. */
function measureOf({ pricing, latency, throughput }: Endpoint, { sort }: RoutingPreferences): number {
  if (sort === 'latency') return latency?.p50 ?? Number.MAX_VALUE;
  if (sort === 'throughput') return -(throughput?.p50 ?? 0);
  const { prompt, completion } = pricing;
  return typeof prompt === 'object' && typeof completion === 'object' ? prompt.plus(completion).toNumber() : Number.MAX_VALUE;
}
