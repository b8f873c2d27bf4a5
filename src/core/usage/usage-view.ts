import type { Budget } from '../../storage/ledger/budgets/budget.ts';
import type { DayCost, FallbackUse } from '../../storage/ledger/reports/report.ts';
import type { UsagePeriod } from './parse-period.ts';
import type { ModelChart, UsageReport } from './usage-report.ts';

/** The data of a usage screen, table or page. */
export interface UsageView {
  /** The requests and their costs were simulated. */
  isSandbox: boolean;
  period: UsagePeriod;
  report: UsageReport;
  /** By model, most expensive first, for charts that show models whatever the grouping. */
  models: readonly ModelChart[];
  /** Data of the cost series. */
  days: readonly DayCost[];
  budgets: readonly BudgetUse[];
  /** Answers of other models and providers than requested, the most frequent ones first. */
  fallbacks: readonly FallbackUse[];
  now: number;
}

/** A budget, and the amount spent in its period; undefined if the period is a request or a conversation. */
export interface BudgetUse {
  budget: Budget;
  /** Exact USD. */
  spent: string | undefined;
  /** Part of it that was paid directly to providers, with the user's own keys. */
  upstreamSpent: string | undefined;
}
