import type { Endpoint, Model } from '../../apis/catalogue.ts';
import type { RoutingPreferences } from '../../apis/completion.ts';
import { compareText } from '../text/compare-text.ts';
import { whyExcluded } from './endpoint-exclusion.ts';
import type { Unpriced } from './kind.ts';
import { type Amount, quotePricing, type Workload } from './quote.ts';

/** What the workload costs at one endpoint. If `endpoint` is undefined: at the catalogue's price for the model. */
export interface EndpointQuote extends Amount {
  endpoint: Endpoint | undefined;
}

/** An endpoint that cannot answer this workload, and why, in a few words. */
export interface ExcludedEndpoint {
  endpoint: Endpoint;
  because: string;
}

/**
 * What a workload may cost on a model. `low` and `high` are the cheapest and the most expensive of `all`, which is sorted by cost. `none`: no
 * endpoint may answer.
 */
export type RangeQuote =
  | {
      kind: 'amount';
      low: EndpointQuote;
      high: EndpointQuote;
      all: readonly EndpointQuote[];
      excluded: readonly ExcludedEndpoint[];
    }
  | { kind: Unpriced }
  | { kind: 'none'; excluded: readonly ExcludedEndpoint[] };

/** Facts about endpoints that their own entries do not contain. */
export interface EndpointKnowledge {
  /** Tags of the model's endpoints that store nothing. If undefined, `zeroDataRetention` excludes no endpoint. */
  zeroRetention?: ReadonlySet<string> | undefined;
}

/**
 * Returns the exact range of costs over the endpoints that routing may choose for a workload at this moment. Without endpoints it uses the
 * catalogue's price, which is that of one endpoint, so low and high are equal.
 */
export function quoteEndpoints(
  model: Model,
  endpoints: readonly Endpoint[] | undefined,
  workload: Workload,
  routing: RoutingPreferences,
  at: Date,
  knowledge: EndpointKnowledge = {},
): RangeQuote {
  if ((workload.images ?? 0) > 0 && !model.inputModalities.includes('image')) {
    return { kind: 'none', excluded: (endpoints ?? []).map((endpoint) => ({ endpoint, because: 'accepts no images' })) };
  }
  const listed = quotePricing(model, model.pricing, workload, at);
  if (endpoints === undefined) {
    return listed.kind === 'amount' ? rangeOf([{ ...listed, endpoint: undefined }], []) : listed;
  }
  const quotes: EndpointQuote[] = [];
  const excluded: ExcludedEndpoint[] = [];
  const unpriced = new Set<Unpriced>();
  for (const endpoint of endpoints) {
    const because = whyExcluded(model, endpoint, workload, routing) ?? whyRefused(endpoint, routing, knowledge);
    if (because !== undefined) {
      excluded.push({ endpoint, because });
      continue;
    }
    const quote = quotePricing(model, endpoint.pricing, workload, at);
    if (quote.kind === 'amount') quotes.push({ ...quote, endpoint });
    else {
      unpriced.add(quote.kind);
      excluded.push({ endpoint, because: UNPRICED[quote.kind] });
    }
  }
  if (quotes.length > 0) return rangeOf(quotes, excluded);
  const reason = (['varies', 'unknown', 'other'] as const).find((kind) => unpriced.has(kind));
  if (reason !== undefined) return { kind: reason };
  // A router has no endpoints.
  return endpoints.length === 0 && listed.kind !== 'amount' ? listed : { kind: 'none', excluded };
}

const UNPRICED: Readonly<Record<Unpriced, string>> = {
  varies: 'its price varies',
  other: 'not priced per token',
  unknown: 'its price is not known',
};

function whyRefused(endpoint: Endpoint, routing: RoutingPreferences, knowledge: EndpointKnowledge): string | undefined {
  const isRefused = routing.zeroDataRetention === true && knowledge.zeroRetention?.has(endpoint.tag) === false;
  return isRefused ? 'may keep prompts' : undefined;
}

function rangeOf(quotes: EndpointQuote[], excluded: readonly ExcludedEndpoint[]): RangeQuote {
  const all = quotes.toSorted((a, b) => a.total.cmp(b.total) || compareText(a.endpoint?.tag ?? '', b.endpoint?.tag ?? ''));
  return { kind: 'amount', low: all[0]!, high: all.at(-1)!, all, excluded };
}
