import type { Owner } from '../files/owner.ts';
import type { RecoveredTables } from '../sqlite/recover/recover-tables.ts';
import type { RecoveredRow } from '../sqlite/recover/shape.ts';
import type { Sql } from '../sqlite/sql.ts';
import { LEASE_COLUMNS } from './budgets/leases.ts';
import { raiseTotal } from './budgets/totals.ts';
import { type Budget, isBudgetPeriod, SCOPE_COLUMNS, SCOPE_PARTS, type ScopePart } from './budgets/budget.ts';
import { insertBudget } from './budgets/rows.ts';
import { fromParts } from './cost-units.ts';
import { importEntries } from './import.ts';
import { Labels } from './labels.ts';
import { recoveredEntries } from './rescue-entries.ts';
import type { Store } from './store.ts';

/** Copies everything that was recovered from a damaged ledger. Returns what it was: `12 entries and 1 budget`. */
export function takeOverLedger(damaged: RecoveredTables, sql: Sql, owner: Owner): string {
  const store: Store = { sql, labels: new Labels(sql), owner };
  const leases = [...damaged.rows('lease')];
  const ids = new Map<number, string>();
  const reserved = new Set(leases.map(({ row }) => row));
  const onEntry = (row: number, id: string): void => void (reserved.has(row) && ids.set(row, id));
  const { added } = importEntries(store, recoveredEntries(damaged, store, onEntry));
  const budgets = takeOverBudgets(damaged, store);
  takeOverLeases(leases.filter(soundLeases(damaged)), store, ids);
  return `${added} ${added === 1 ? 'entry' : 'entries'} and ${budgets} ${budgets === 1 ? 'budget' : 'budgets'}`;
}

/**
 * Returns a function that tells whether a lease equals its data in the index. A ledger that is older than the index, or whose index cannot be
 * read, has no second copy to compare with.
 */
function soundLeases(damaged: RecoveredTables): (lease: RecoveredRow) => boolean {
  const known = new Map([...damaged.indexRows('lease_copy')].map(({ row, values }) => [row, textOfLease(values)]));
  return ({ row, values }) => {
    const isSound = known.size === 0 || known.get(row ?? -1) === textOfLease(values);
    if (!isSound) damaged.addProblem(`the reservation of entry ${row} is not what its index says`);
    return isSound;
  };
}

function textOfLease(values: RecoveredRow['values']): string {
  return LEASE_COLUMNS.map((column) => `${typeof values[column]} ${values[column] ?? null}`).join('\0');
}

/** Restores the reservations of requests that are still in progress in other processes. */
function takeOverLeases(leases: readonly RecoveredRow[], { sql }: Store, ids: ReadonlyMap<number, string>): void {
  for (const { row, values, isSound } of leases) {
    const { expires_at: expiresAt, pid, host, amount, models, is_kept: isStored } = values;
    sql.run(
      `INSERT INTO lease (entry, expires_at, pid, host, amount, models, is_kept)
       SELECT row, ?, ?, ?, ?, ?, ? FROM entry WHERE id = ? AND (outcome IS NULL OR ?)`,
      // The models are lost: see budgets/leases.ts.
      [
        Number(expiresAt ?? 0),
        Number(pid ?? 0),
        host ?? '',
        amount,
        isSound ? models : '',
        isStored ?? 0,
        ids.get(row ?? -1) ?? '',
        isStored ?? 0,
      ],
    );
  }
  // An open entry without a lease counts as one of a process that has ended.
  sql.run(
    `INSERT INTO lease (entry, expires_at, pid, host, models)
     SELECT row, 0, 0, '', '[]' FROM entry WHERE outcome IS NULL AND row NOT IN (SELECT entry FROM lease)`,
  );
}

/** A budget with damaged text would apply to something else. It is skipped, because the copy of the budgets contains it. */
function takeOverBudgets(damaged: RecoveredTables, store: Store): number {
  const budgets = new Map<number, Budget>();
  for (const { row, values, isSound } of damaged.rows('budget')) {
    const { period, amount, warn_at: warnAt } = values;
    if (!isSound || row === undefined || !isBudgetPeriod(period) || typeof amount !== 'string' || !/^\d+(\.\d+)?$/.test(amount))
      continue;
    const scope = Object.fromEntries(SCOPE_PARTS.map((part) => [part, values[SCOPE_COLUMNS[part]] ?? undefined])) as Partial<
      Record<ScopePart, string>
    >;
    const budget: Budget = { id: row, period, limit: amount, warnAt: Number(warnAt), ...scope };
    insertBudget(store.sql, budget);
    budgets.set(row, budget);
  }
  for (const { values, isSound } of damaged.rows('budget_total')) {
    const budget = budgets.get(Number(values['budget']));
    if (!isSound || budget === undefined) continue;
    const [nano, rest, prunedNano, prunedRest] = ['nano', 'rest', 'pruned_nano', 'pruned_rest'].map((name) =>
      BigInt(values[name] as number | bigint),
    ) as [bigint, bigint, bigint, bigint];
    const stretch = {
      start: Number(values['start']),
      end: Number(values['end']),
      conversation: String(values['conversation']),
    };
    // What lost entries spent stays spent, like that of deleted ones.
    const lost = damaged.problems().length > 0;
    raiseTotal(
      store,
      budget,
      stretch,
      lost ? { total: fromParts(nano + prunedNano, rest + prunedRest) } : { pruned: fromParts(prunedNano, prunedRest) },
    );
  }
  return budgets.size;
}
