import type { BudgetPeriod } from '../../storage/ledger/budgets/budget.ts';
import { budgetWindowWords, isBudgetWindow } from '../../budget-window.ts';

/** Returns a limit with its period: `$20 a month`, `$3 every 5 hours`, `$100 in total`. `limit` is an amount with its sign. */
export function limitWords(limit: string, period: BudgetPeriod): string {
  if (isBudgetWindow(period)) return `${limit} every ${budgetWindowWords(period)}`;
  return `${limit} ${period === 'total' ? 'in total' : `a ${period}`}`;
}
