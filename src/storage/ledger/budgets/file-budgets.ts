import { join, resolve } from 'node:path';
import { readPrivateJson, updatePrivateJson } from '../../files/private-json.ts';
import type { Ledger } from '../ledger.ts';
import { type Budget, isBudgetPeriod, isSameBudget, SCOPE_PARTS } from './budget.ts';

type NewBudget = Omit<Budget, 'id'>;

/** The budgets that configuration files set in the ledger. A small file remembers which ones, so that a file can take them back. */
export interface FileBudgets {
  /**
   * Sets the budgets of a file, and removes those that an earlier version of it has set, unless they were changed since or another file has them.
   * Returns the budgets whose limit something else had set.
   */
  apply: (file: string, budgets: readonly NewBudget[]) => Promise<readonly { before: NewBudget; after: NewBudget }[]>;
}

export interface FileBudgetsOptions {
  folder: string;
  name: string;
  openLedger: () => Promise<Ledger>;
}

export function openFileBudgets({ folder, name, openLedger }: FileBudgetsOptions): FileBudgets {
  const path = join(folder, `${name}.json`);
  return {
    async apply(given, budgets) {
      const file = resolve(given);
      const earlier = budgetsOf(readPrivateJson(path)[file]);
      if (earlier.length === 0 && budgets.length === 0) return [];
      const ledger = await openLedger();
      // First everything that may be in the ledger, so that nothing is forgotten if the process ends in between.
      const added = budgets.filter((budget) => !earlier.some((one) => isEqual(one, budget)));
      await remember(path, file, [...earlier, ...added]);
      const others = Object.entries(readPrivateJson(path)).flatMap(([name, one]) => (name === file ? [] : budgetsOf(one)));
      const changed = ledger.together(() => change(ledger, earlier, budgets, others));
      await remember(path, file, budgets);
      return changed;
    },
  };
}

function change(
  ledger: Ledger,
  earlier: readonly NewBudget[],
  budgets: readonly NewBudget[],
  others: readonly NewBudget[],
): { before: NewBudget; after: NewBudget }[] {
  const stored = ledger.budgets();
  for (const one of stored) {
    const isOurs = earlier.some((budget) => isEqual(budget, one));
    const isWanted = [...budgets, ...others].some((budget) => isSameBudget(budget, one));
    if (isOurs && !isWanted) ledger.removeBudget(one.id);
  }
  return budgets.flatMap((after) => {
    const before = stored.find((one) => isSameBudget(one, after));
    if (before !== undefined && isEqual(before, after)) return [];
    ledger.setBudget(after);
    return before === undefined || earlier.some((one) => isEqual(one, before)) ? [] : [{ before, after }];
  });
}

async function remember(path: string, file: string, budgets: readonly NewBudget[]): Promise<void> {
  await updatePrivateJson(path, (stored) => {
    const { [file]: _, ...rest } = stored;
    return budgets.length === 0 ? rest : { ...rest, [file]: budgets };
  });
}

function isEqual(one: NewBudget, other: NewBudget): boolean {
  return isSameBudget(one, other) && one.limit === other.limit && one.warnAt === other.warnAt;
}

/** Returns the budgets in the stored value; none for a value that orx did not write. */
function budgetsOf(value: unknown): readonly NewBudget[] {
  return Array.isArray(value) ? value.filter(isBudget) : [];
}

function isBudget(value: unknown): value is NewBudget {
  if (typeof value !== 'object' || value === null) return false;
  const budget = value as Readonly<Record<string, unknown>>;
  return (
    isBudgetPeriod(budget['period']) &&
    typeof budget['limit'] === 'string' &&
    typeof budget['warnAt'] === 'number' &&
    SCOPE_PARTS.every((part) => budget[part] === undefined || typeof budget[part] === 'string')
  );
}
