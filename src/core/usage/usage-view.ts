import type { Budget, ReportCell } from '../../storage/ledger/ledger.ts';
import type { UsagePeriod } from './parse-period.ts';
import type { UsageReport, UsageRow } from './usage-report.ts';

/** What a usage screen, table or page is made from. */
export interface UsageView {
  period: UsagePeriod;
  report: UsageReport;
  /** By model, dearest first: for the charts that always tell of models. */
  models: readonly UsageRow[];
  /** By day, for the series. */
  cells: readonly ReportCell[];
  budgets: readonly BudgetUse[];
  now: number;
}

/** A budget, and what has been spent of it in the period that it is for; undefined where that is a request or a conversation. */
export interface BudgetUse {
  budget: Budget;
  /** Exact USD. */
  spent: string | undefined;
}
