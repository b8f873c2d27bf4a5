import type { Endpoint, Model } from '../../apis/catalogue.ts';

/**
 * Facts about models that only their endpoints provide. A model that is missing here is unknown, which does not mean that it has no endpoints.
 */
export interface MarketFacts {
  /** Endpoints by model id. */
  endpoints: ReadonlyMap<string, readonly Endpoint[]>;
  /** Ids of the models that have an endpoint with zero data retention. Undefined: not known for any model. */
  zdrModels?: ReadonlySet<string> | undefined;
}

/** The best figures of a model's endpoints over the last 30 minutes. */
export interface BestEndpoint {
  /** Median, tokens per second. */
  throughput?: number | undefined;
  /** Median, milliseconds to the first token. */
  latency?: number | undefined;
  /** Percent. */
  uptime?: number | undefined;
}

/**
 * Returns the best figure of each kind among the model's endpoints; they may come from different endpoints. Undefined if no endpoint reports it.
 */
export function bestEndpoint(model: Model, facts: MarketFacts | undefined): BestEndpoint {
  const endpoints = endpointsOf(model, facts) ?? [];
  return {
    throughput: best(endpoints, ({ throughput }) => throughput?.p50, Math.max),
    latency: best(endpoints, ({ latency }) => latency?.p50, Math.min),
    uptime: best(endpoints, ({ uptimeLast30m }) => uptimeLast30m, Math.max),
  };
}

export function endpointsOf({ id }: Model, facts: MarketFacts | undefined): readonly Endpoint[] | undefined {
  return facts?.endpoints.get(id);
}

/** Returns whether the model has an endpoint with zero data retention: looks up its id, the id of its alias target, and its permanent slug. */
export function hasZeroRetention({ id, aliasTarget, canonicalSlug }: Model, facts: MarketFacts | undefined): boolean {
  return [id, aliasTarget, canonicalSlug].some((name) => name !== undefined && facts?.zdrModels?.has(name) === true);
}

/** Returns whether the text names the provider of an endpoint: its display name, its slug, or the whole tag. Case-insensitive. */
export function isAtProvider({ providerName, tag }: Endpoint, text: string): boolean {
  const wanted = text.trim().toLowerCase();
  const [slug = ''] = tag.split('/');
  return [providerName, tag, slug].some((name) => name.toLowerCase() === wanted);
}

function best(
  endpoints: readonly Endpoint[],
  figure: (endpoint: Endpoint) => number | undefined,
  pick: (a: number, b: number) => number,
): number | undefined {
  return endpoints
    .map(figure)
    .filter((value) => value !== undefined)
    .reduce<number | undefined>((match, value) => (match === undefined ? value : pick(match, value)), undefined);
}
