import { decimal, type Decimal } from '../../decimal.ts';
import type { Model } from '../../apis/catalogue.ts';
import type { PastWorkload, WorkloadCut } from '../../storage/ledger/reports/report.ts';
import type { ModelSpan } from '../../storage/market/market.ts';
import { cutFor, type Listing, reprice, type Repriced } from './reprice.ts';

/** A model that might have done the work, and how it was listed. */
export interface WhatIfTarget {
  id: string;
  /** Ascending; the first holds for all that was before it. At least one. */
  listings: readonly Listing[];
  /** Since when its prices are known; undefined when today's are taken for all of the past. */
  knownSince?: number | undefined;
}

export interface WhatIfRow {
  id: string;
  repriced: Repriced;
  /** Cost of this model minus what was paid; undefined without an amount. */
  difference: Decimal | undefined;
  /** Of what was paid; undefined when that is nothing. */
  share: number | undefined;
  /** Prices before this moment are not known: the earliest known ones stand for them. */
  earliestPrices?: number | undefined;
  /** Whether prices of the past were used. */
  hasHistory: boolean;
}

export interface WhatIf {
  /** What was paid for the work. */
  cost: Decimal;
  /** Part of it that was paid to providers, with keys of the user. */
  upstreamCost: Decimal;
  requests: number;
  /** In the order asked. */
  rows: readonly WhatIfRow[];
}

/** The model at today's prices. */
export function atPricesOfToday(model: Model): WhatIfTarget {
  return { id: model.id, listings: [{ from: -Infinity, model }] };
}

/** The model at the prices of that time; where there is no history, at today's. */
export function atPricesThen(model: Model, history: readonly ModelSpan[]): WhatIfTarget {
  if (history.length === 0) return atPricesOfToday(model);
  return { id: model.id, listings: history, knownSince: history[0]!.from };
}

/** Where the prices of these change. */
export function cutForTargets(targets: readonly WhatIfTarget[]): WorkloadCut {
  const listings = targets.flatMap((target) => target.listings);
  // The first listing holds for what was before it, too.
  const moments = targets.flatMap((target) => target.listings.slice(1).map(({ from }) => from));
  return cutFor(
    listings.map(({ model }) => model),
    moments,
  );
}

/** The past again, on other models. Each as if it had used the same tokens, and found the same share of them in a cache. */
export function whatIf(targets: readonly WhatIfTarget[], workloads: readonly PastWorkload[], cut: WorkloadCut): WhatIf {
  const cost = workloads.reduce((sum, workload) => sum.plus(workload.cost), decimal(0));
  const first = workloads.reduce((earliest, { at }) => Math.min(earliest, at), Infinity);
  const rows = targets.map(({ id, listings, knownSince }): WhatIfRow => {
    const repriced = reprice(listings, workloads, cut);
    const difference = repriced.kind === 'amount' ? repriced.cost.minus(cost) : undefined;
    const share = difference === undefined || cost.eq(0) ? undefined : difference.div(cost).toNumber();
    const isOlder = knownSince !== undefined && first < knownSince;
    return {
      id,
      repriced,
      difference,
      share,
      earliestPrices: isOlder ? knownSince : undefined,
      hasHistory: knownSince !== undefined,
    };
  });
  const upstreamCost = workloads.reduce((sum, workload) => sum.plus(workload.upstreamCost), decimal(0));
  return { cost, upstreamCost, requests: workloads.reduce((sum, { requests }) => sum + requests, 0), rows };
}
