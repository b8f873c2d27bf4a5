import type { Endpoint, Model } from '../../apis/catalogue.ts';

/** What only endpoints know about models. A model that is not in it is not known, which is not the same as having none. */
export interface MarketFacts {
  /** By the model's id. */
  endpoints: ReadonlyMap<string, readonly Endpoint[]>;
  /** Ids of the models that have an endpoint with zero data retention. Undefined: not known of any. */
  zdrModels?: ReadonlySet<string> | undefined;
}

/** What the best of a model's endpoints gave over the last 30 minutes. */
export interface BestEndpoint {
  /** Median, tokens per second. */
  throughput?: number | undefined;
  /** Median, milliseconds to the first token. */
  latency?: number | undefined;
  /** Percent. */
  uptime?: number | undefined;
}

/** The best figure of each kind among the model's endpoints: they may be of different ones. Undefined where nobody told it. */
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

/** Whether zero data retention can be had: under the model's id, that of the model it stands for, or its permanent slug. */
export function hasZeroRetention({ id, aliasTarget, canonicalSlug }: Model, facts: MarketFacts | undefined): boolean {
  return [id, aliasTarget, canonicalSlug].some((name) => name !== undefined && facts?.zdrModels?.has(name) === true);
}

/** Whether the text names the provider of an endpoint: its display name, its slug, or the whole tag. Capitals make no difference. */
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
