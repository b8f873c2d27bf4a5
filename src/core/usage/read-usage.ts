import type { EntryFilter, Ledger } from '../../storage/ledger/ledger.ts';
import { periodSpans, zoneShifts } from '../periods.ts';
import type { UsagePeriod } from './parse-period.ts';
import { dimensionOf, isTimeGrouping, type UsageGrouping, usageReport } from './usage-report.ts';
import type { BudgetUse, UsageView } from './usage-view.ts';

/** What is asked of the ledger; `now` ends a period that has no end. */
export interface UsageQuestion {
  period: UsagePeriod;
  by: UsageGrouping;
  /** Besides the period. */
  filter: Omit<EntryFilter, 'since' | 'until'>;
  now: number;
}

/** Reads a usage report. */
export function readUsage(ledger: Ledger, { period, by, filter, now }: UsageQuestion): UsageView {
  const { since, until } = period;
  const asked = { ...filter, since, until };
  const zone = zoneShifts(since ?? firstMoment(ledger) ?? now, Math.min(until ?? now, now));
  const byModel = ledger.report(asked, { by: 'model', zone });
  const isSame = by === 'model' || isTimeGrouping(by);
  const report = isSame ? usageReport(byModel, by) : usageReport(ledger.report(asked, { by: dimensionOf(by), zone }), by);
  return {
    period,
    report,
    models: usageReport(byModel, 'model').rows,
    cells: byModel.cells,
    budgets: budgetUses(ledger, now),
    now,
  };
}

/** When the first entry was made; undefined in an empty ledger. */
export function firstMoment(ledger: Ledger): number | undefined {
  for (const { openedAt } of ledger.entries({}, { limit: 1 })) return openedAt;
  return undefined;
}

function budgetUses(ledger: Ledger, now: number): BudgetUse[] {
  const spans = periodSpans(now);
  return ledger.budgets().map((budget) => {
    const { period, project, profile, model } = budget;
    if (period === 'request' || period === 'conversation') return { budget, spent: undefined };
    const { start, end } = spans[period];
    return { budget, spent: ledger.sums({ since: start, until: end, project, profile, model }).cost };
  });
}
