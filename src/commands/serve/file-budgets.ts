import { limitWords } from '../../core/budget/budget-words.ts';
import { usageError } from '../../errors.ts';
import { budgetScopeText } from '../../output/ledger/budget-table.ts';
import type { Context } from '../context.ts';
import type { ServeOptions } from './options.ts';
import type { ServedOptions } from './served-options.ts';

/**
 * Makes the budgets of a configuration file those of the ledger, and removes those that an earlier version of the file had set. Returns a note for
 * each budget whose limit someone else had set. Throws a usage error if the ledger is turned off.
 */
export async function applyBudgets(
  file: string,
  budgets: ServedOptions['budgets'],
  settings: ServeOptions['settings'],
  context: Context,
): Promise<readonly string[]> {
  if (!settings.ledger) {
    if (budgets.length === 0) return [];
    throw usageError(
      'budgets need the ledger, which is turned off',
      'omit --no-ledger and -n, or turn the ledger on: orx config unset ledger',
    );
  }
  const stored = await context.stores.for(settings).openFileBudgets();
  return (await stored.apply(file, budgets)).map(
    ({ before, after }) =>
      `the budget for ${budgetScopeText(after)} is now ${limitWords(`$${after.limit}`, after.period)}; it was $${before.limit}`,
  );
}
