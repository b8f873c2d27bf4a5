import { decimal, type Decimal } from '../../decimal.ts';
import type { Model } from '../../apis/catalogue.ts';
import type { PastWorkload, WorkloadCut } from '../../storage/ledger/reports/report.ts';
import type { ModelSpan } from '../../storage/market/market.ts';
import { cutFor, type Listing, reprice, type Repriced } from './reprice.ts';

/** A model to compare with, and its catalogue entries over time. */
export interface WhatIfTarget {
  id: string;
  /** Ascending; the first also applies before its time. At least one. */
  listings: readonly Listing[];
  /** Since when its prices are known; undefined if today's prices are used for the whole past. */
  knownSince?: number | undefined;
}

export interface WhatIfRow {
  id: string;
  repriced: Repriced;
  /** Cost of this model minus the actual cost; undefined without an amount. */
  difference: Decimal | undefined;
  /** The difference as a share of the actual cost; undefined if that is 0. */
  share: number | undefined;
  /** Prices before this moment are not known: the earliest known ones are used instead. */
  earliestPrices?: number | undefined;
  /** Whether past prices were used. */
  hasHistory: boolean;
}

export interface WhatIf {
  /** The actual cost of the work. */
  cost: Decimal;
  /** Part of it that was paid directly to providers, with the user's own keys. */
  upstreamCost: Decimal;
  requests: number;
  /** In the requested order. */
  rows: readonly WhatIfRow[];
}

/** Returns the model at today's prices. */
export function atPricesOfToday(model: Model): WhatIfTarget {
  return { id: model.id, listings: [{ from: -Infinity, model }] };
}

/** Returns the model at its past prices, or at today's if there is no history. */
export function atPricesThen(model: Model, history: readonly ModelSpan[]): WhatIfTarget {
  if (history.length === 0) return atPricesOfToday(model);
  return { id: model.id, listings: history, knownSince: history[0]!.from };
}

/** Returns where the prices of these targets change. */
export function cutForTargets(targets: readonly WhatIfTarget[]): WorkloadCut {
  const listings = targets.flatMap((target) => target.listings);
  // The first listing also applies to the time before it.
  const moments = targets.flatMap((target) => target.listings.slice(1).map(({ from }) => from));
  return cutFor(
    listings.map(({ model }) => model),
    moments,
  );
}

/** Recalculates the past for other models, with the same tokens and the same share of them read from a cache. */
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
