import type { EntryFilter, Ledger, SpeedSample } from '../../storage/ledger/ledger.ts';
import { dayStart, periodSpans, zoneShifts } from '../periods.ts';
import { dateStretch, type UsagePeriod } from './parse-period.ts';
import { dimensionOf, isTimeGrouping, type TimeGrouping, type UsageGrouping, usageReport } from './usage-report.ts';
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
  const models = usageReport(byModel, 'model');
  const dimension = dimensionOf(by);
  const report = isTimeGrouping(by)
    ? usageReport(byModel, by, (group) => speedsWithin(ledger, asked, group, by))
    : by === 'model'
      ? models
      : usageReport(ledger.report(asked, { by: dimension, zone }), by);
  return { period, report, models: models.rows, cells: byModel.cells, budgets: budgetUses(ledger, now), now };
}

/** When the first entry was made; undefined in an empty ledger. */
export function firstMoment(ledger: Ledger): number | undefined {
  for (const { openedAt } of ledger.entries({}, { limit: 1 })) return openedAt;
  return undefined;
}

/** Times of one day, week or month: a report tells them by its dimension alone. */
function speedsWithin(ledger: Ledger, asked: EntryFilter, group: string, by: TimeGrouping): readonly SpeedSample[] {
  const span = dateStretch(group);
  if (span === undefined) return [];
  const end = by === 'week' ? dayStart(span.start, 7) : span.end;
  const since = Math.max(span.start, asked.since ?? span.start);
  const until = Math.min(end, asked.until ?? end);
  return ledger.report({ ...asked, since, until }, { by: undefined, zone: zoneShifts(since, since) }).speeds;
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
