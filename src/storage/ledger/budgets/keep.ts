import { copyTotals, raiseTotal, totalOf } from './totals.ts';
import { readBudgets, storeBudget } from './rows.ts';
import { type BudgetCopy, type CopiedBudget, readBudgetCopy, writeBudgetCopy } from './copy.ts';
import { type Budget, isSameBudget } from './budget.ts';
import { toUnits, unitsText } from '../cost-units.ts';
import type { Store } from '../store.ts';

/** Synchronizes the budgets of the ledger with their copy outside of it. */
export interface BudgetKeeper {
  /**
   * Makes both equal: data that one of them lost is restored from the other, and of two limits the lower one wins. Returns notices for the user.
   * Call only inside a write transaction.
   */
  reconcile: (now: number, isNew: boolean) => { notices: string[]; isIncomplete: boolean };
  /** Returns whether they are equal, with a quick check. */
  agree: (now: number) => boolean;
  /** Writes the copy, if there are budgets. Call only inside a write transaction, so that no other process overwrites it with an older one. */
  copy: (now: number) => void;
}

export function budgetKeeper(store: Store, path: string): BudgetKeeper {
  const current = (now: number): CopiedBudget[] =>
    readBudgets(store.sql).map(({ id, ...budget }) => ({ ...budget, spent: copyTotals(store, id, now) }));
  const copy = (now: number): void => {
    const budgets = current(now);
    if (budgets.length > 0 || readBudgetCopy(path).kind !== 'none') writeBudgetCopy(path, budgets);
  };
  return {
    copy,
    agree(now) {
      const saved = readBudgetCopy(path);
      const budgets = readBudgets(store.sql);
      if (saved.kind !== 'copy') return saved.kind === 'none' && budgets.length === 0;
      return (
        saved.budgets.length === budgets.length &&
        saved.budgets.every((one) => {
          const same = budgets.find((other) => isSameBudget(one, other));
          return same?.limit === one.limit && same.warnAt === one.warnAt && lostOf(store, same, one, now) === 0n;
        })
      );
    },
    reconcile(now, isNew) {
      const saved = readBudgetCopy(path);
      const notices = [...missing(store, saved, isNew)];
      let isIncomplete = notices.length > 0;
      let lost = 0n;
      const budgets = readBudgets(store.sql);
      for (const one of saved.kind === 'copy' ? saved.budgets : []) {
        const budget = budgets.find((other) => isSameBudget(one, other));
        if (budget === undefined) continue;
        if (budget.limit !== one.limit || budget.warnAt !== one.warnAt) {
          const limit = toUnits(one.limit) < toUnits(budget.limit) ? one.limit : budget.limit;
          if (budget.limit !== one.limit) notices.push(differing(budget, limit));
          storeBudget(store.sql, { ...budget, limit, warnAt: Math.min(one.warnAt, budget.warnAt) });
        }
        const its = lostOf(store, budget, one, now);
        if (its > lost) lost = its;
        for (const { start, end, amount } of its > 0n ? one.spent : []) {
          raiseTotal(store, budget, { start, end, conversation: '' }, { total: toUnits(amount) });
        }
      }
      if (lost > 0n) {
        isIncomplete = true;
        notices.push(
          `the ledger lost entries: $${unitsText(lost)} of spending is missing from it, but still counts in the budgets`,
        );
      }
      try {
        copy(now);
      } catch {
        // A full disk: the next process writes it.
      }
      return { notices, isIncomplete };
    },
  };
}

/** Restores budgets that are missing in the ledger from the copy. */
function* missing(store: Store, saved: BudgetCopy, isNew: boolean): Generator<string> {
  if (saved.kind === 'none') return;
  if (saved.kind === 'damaged') {
    yield `the backup of the budgets was damaged${isNew ? ', like the ledger; budgets may be missing' : ', and was written again'}`;
    return;
  }
  const known = readBudgets(store.sql);
  const lost = saved.budgets.filter((one) => !known.some((other) => isSameBudget(one, other)));
  for (const { spent: _, ...budget } of lost) storeBudget(store.sql, budget);
  if (lost.length === 0) return;
  yield `${lost.length === 1 ? 'a budget was' : `${lost.length} budgets were`} missing from the ledger and restored from the backup; list the budgets: orx budget list`;
}

/** Returns by how much the amount that the ledger says was spent of a budget is less than in its copy, in the current periods. */
function lostOf(store: Store, budget: Budget, { spent }: CopiedBudget, now: number): bigint {
  const differences = spent
    .filter(({ end }) => end > now)
    .map(({ start, end, amount }) => toUnits(amount) - totalOf(store, budget, { start, end, conversation: '' }));
  return differences.reduce((most, one) => (one > most ? one : most), 0n);
}

function differing({ id, limit }: Budget, counting: string): string {
  return `the limit of budget ${id} differs between the ledger ($${limit}) and its copy: the lower one counts ($${counting}); set it again if that is wrong`;
}
