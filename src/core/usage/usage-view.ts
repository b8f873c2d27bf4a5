import type { Budget } from '../../storage/ledger/budgets/budget.ts';
import type { DaySums } from '../../storage/ledger/reports/report.ts';
import type { UsagePeriod } from './parse-period.ts';
import type { ModelChart, UsageReport } from './usage-report.ts';

/** What a usage screen, table or page is made from. */
export interface UsageView {
  /** The requests and their costs were simulated. */
  isSandbox: boolean;
  period: UsagePeriod;
  report: UsageReport;
  /** By model, most expensive first: for the charts that always tell of models. */
  models: readonly ModelChart[];
  /** For the series. */
  days: readonly DaySums[];
  budgets: readonly BudgetUse[];
  now: number;
}

/** A budget, and what has been spent of it in the period that it is for; undefined where that is a request or a conversation. */
export interface BudgetUse {
  budget: Budget;
  /** Exact USD. */
  spent: string | undefined;
  /** Part of it that was paid to providers, with keys of the user. */
  upstreamSpent: string | undefined;
}
