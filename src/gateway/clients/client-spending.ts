import type { BudgetStanding } from '../../storage/ledger/budgets/budget.ts';

/** The spending of clients, from the ledger. */
export interface ClientSpending {
  /** Returns USD in total, today, this week and this month. */
  spentBy: (clientKey: string) => { total: string; day: string; week: string; month: string };
  /** Returns the time-based budgets of the key itself. */
  budgetsOf: (clientKey: string) => readonly BudgetStanding[];
  /** Returns whether the key requested the answer with this id. */
  hasGeneration: (id: string, clientKey: string) => boolean;
}

/** For a gateway that records nothing. */
export const NO_SPENDING: ClientSpending = {
  spentBy: () => ({ total: '0', day: '0', week: '0', month: '0' }),
  budgetsOf: () => [],
  hasGeneration: () => false,
};
