import type { BudgetStanding } from '../../storage/ledger/budgets/budget.ts';

/** What clients have spent, from the ledger. */
export interface ClientSpending {
  /** USD in all, today, this week and this month. */
  spentBy: (clientKey: string) => { total: string; day: string; week: string; month: string };
  /** The budgets of the key itself that are of a time. */
  budgetsOf: (clientKey: string) => readonly BudgetStanding[];
  /** Whether the key asked for the answer of this id. */
  hasGeneration: (id: string, clientKey: string) => boolean;
}

/** Where nothing is recorded. */
export const NO_SPENDING: ClientSpending = {
  spentBy: () => ({ total: '0', day: '0', week: '0', month: '0' }),
  budgetsOf: () => [],
  hasGeneration: () => false,
};
