import { isBudgetWindow, windowSpan } from '../../budget-window.ts';
import type { EntryFilter } from '../../storage/ledger/entry.ts';
import type { Ledger } from '../../storage/ledger/ledger.ts';
import { periodSpans, zoneShifts } from '../time/periods.ts';
import type { UsagePeriod } from './parse-period.ts';
import { modelCharts, splitOf, type UsageGrouping, usageReport } from './usage-report.ts';
import type { BudgetUse, UsageView } from './usage-view.ts';

/** A query to the ledger; `now` is the end of a period that has none. */
export interface UsageQuestion {
  period: UsagePeriod;
  by: UsageGrouping;
  /** Filters other than the period. */
  filter: Omit<EntryFilter, 'since' | 'until'>;
  now: number;
}

/** Reads a usage report. `withModels: false` and `withDays: false` omit what only charts show; the ledger then answers faster. */
export function readUsage(
  ledger: Ledger,
  { period, by, filter, now }: UsageQuestion,
  {
    withModels = true,
    withDays = true,
    isSandbox = false,
  }: { withModels?: boolean; withDays?: boolean; isSandbox?: boolean } = {},
): UsageView {
  const { since, until } = period;
  const zone = zoneShifts(since ?? firstMoment(ledger) ?? now, Math.min(until ?? now, now));
  const match = ledger.report({ ...filter, since, until }, { by: splitOf(by), zone, withModels, withDays });
  return {
    isSandbox,
    period,
    report: usageReport(match, by),
    models: modelCharts(match),
    days: match.days,
    budgets: budgetUses(ledger, now),
    fallbacks: ledger.fallbackUses({ ...filter, since, until }),
    now,
  };
}

/** Returns when the first entry was created; undefined if the ledger is empty. */
export function firstMoment(ledger: Ledger): number | undefined {
  for (const { openedAt } of ledger.entries({}, { limit: 1 })) return openedAt;
  return undefined;
}

function budgetUses(ledger: Ledger, now: number): BudgetUse[] {
  const spans = periodSpans(now);
  return ledger.budgets().map((budget) => {
    const { period, project, profile, model, vendor, clientKey, tag } = budget;
    if (period === 'request' || period === 'conversation') return { budget, spent: undefined, upstreamSpent: undefined };
    const span = period === 'total' ? undefined : isBudgetWindow(period) ? windowSpan(period, now) : spans[period];
    const { cost, upstreamCost } = ledger.sums({
      since: span?.start,
      until: span?.end,
      project,
      profile,
      model,
      vendor,
      clientKey,
      tag,
    });
    return { budget, spent: cost, upstreamSpent: upstreamCost };
  });
}
