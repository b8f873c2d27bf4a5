import type { BudgetPeriod } from '../../storage/ledger/budgets/budget.ts';

/** Returns a limit with its period: `$20 a month`, `$100 in total`. `limit` is an amount with its sign. */
export function limitWords(limit: string, period: BudgetPeriod): string {
  return `${limit} ${period === 'total' ? 'in total' : `a ${period}`}`;
}
