import { countsToward, matchesModel, readBudgets, spanOf } from './rows.ts';
import { fromParts, paidUnits, toParts, unitsText } from '../cost-units.ts';
import { type Budget, type BudgetScope, type PeriodSpan, SCOPE_COLUMNS } from './budget.ts';
import type { TotalRow } from './known.ts';
import type { LedgerEntry } from '../entry.ts';
import type { SqlValue } from '../../sqlite/sql.ts';
import type { Store } from '../store.ts';
import { texts } from '../../sqlite/stored-text.ts';

/** What a total covers: a range of time, or (start and end 0) a conversation. */
export interface Stretch {
  start: number;
  end: number;
  conversation: string;
}

export interface TotalOptions {
  /** Whether a missing total may be stored: only inside a write transaction. */
  canWrite: boolean;
  /** Called if a total was missing and had to be calculated. */
  onMissing?: () => void;
}

const COLUMNS = `row, budget, start, end, nano, rest, pruned_nano, pruned_rest, ${texts('conversation')}`;
const RETAINED_CONVERSATIONS = 1000;
/** Of a budget whose window is shorter than an hour. */
const RETAINED_WINDOWS = 48;
/** Processes in other time zones may still be in a period that is over here. */
const RETENTION_MS = 2 * 24 * 60 * 60 * 1000;

/**
 * Returns the amount spent of a budget in the current period of a scope, in units. The first time it is calculated from the entries; from then
 * on `adjustTotals` updates the stored total in the same transaction as each change of a cost.
 */
export function spentOf(store: Store, budget: Budget, scope: BudgetScope, { canWrite, onMissing }: TotalOptions): bigint {
  if (budget.period === 'request') return 0n;
  const span = spanOf(budget, scope);
  const inBook = store.book?.totalOf(budget, scope);
  if (inBook !== undefined) return unitsOf(inBook);
  const stretch = span === undefined ? { start: 0, end: 0, conversation: scope.conversation } : { ...span, conversation: '' };
  const [known] = findTotal(store, budget, stretch);
  if (known !== undefined) return unitsOf(known);
  onMissing?.();
  const spent = addUp(store, budget, stretch);
  if (canWrite) {
    forgetPast(store, budget, stretch);
    const { nano, rest } = toParts(spent);
    store.sql.run('INSERT INTO budget_total (budget, start, end, conversation, nano, rest) VALUES (?, ?, ?, ?, ?, ?)', [
      budget.id,
      stretch.start,
      stretch.end,
      stretch.conversation,
      nano,
      rest,
    ]);
    if (span !== undefined) store.book?.timeTotals.push(...findTotal(store, budget, stretch));
  }
  return spent;
}

/** The totals of all ranges of time. */
export function readTimeTotals(sql: Store['sql']): TotalRow[] {
  return sql.allExact<TotalRow>(`SELECT ${COLUMNS} FROM budget_total WHERE conversation = ''`);
}

/** Returns the amount spent of a budget in a range, in units. */
export function totalOf(store: Store, budget: Budget, stretch: Stretch): bigint {
  const [known] = findTotal(store, budget, stretch);
  return known === undefined ? addUp(store, budget, stretch) : unitsOf(known);
}

/** Returns the amounts spent of a budget in its current periods. */
export function copyTotals({ sql }: Store, budget: number, now: number): (PeriodSpan & { amount: string })[] {
  return sql
    .allExact<TotalRow>(`SELECT ${COLUMNS} FROM budget_total WHERE budget = ? AND end > ? ORDER BY start`, [budget, now])
    .map((total) => ({ start: Number(total.start), end: Number(total.end), amount: unitsText(unitsOf(total)) }));
}

/** Returns the sum of all totals, in units, to detect whether one of them fell. */
export function sumOfTotals({ sql }: Store): bigint {
  const [sum] = sql.allExact<{ nano: bigint | null; rest: bigint | null }>(
    'SELECT SUM(nano + pruned_nano) nano, SUM(rest + pruned_rest) rest FROM budget_total',
  );
  return fromParts(sum?.nano ?? 0n, sum?.rest ?? 0n);
}

function findTotal({ sql }: Store, { id }: Budget, { start, end, conversation }: Stretch): TotalRow[] {
  return sql.allExact<TotalRow>(
    `SELECT ${COLUMNS} FROM budget_total WHERE budget = ? AND start = ? AND end = ? AND conversation = ?`,
    [id, start, end, conversation],
  );
}

function unitsOf(total: TotalRow): bigint {
  return fromParts(total.nano + total.pruned_nano, total.rest + total.pruned_rest);
}

/** Applies a change of an entry's cost, or of its models, to all totals that include it. */
export function adjustTotals(store: Store, before: LedgerEntry, after: LedgerEntry): void {
  for (const budget of store.book?.budgets ?? readBudgets(store.sql)) {
    const part = (entry: LedgerEntry): bigint => (countsToward(budget, entry) ? paidUnits(entry) : 0n);
    const change = part(after) - part(before);
    if (change === 0n || budget.period === 'request') continue;
    const inBook = budget.period === 'conversation' ? undefined : store.book?.totalsAt(budget, after.openedAt);
    if (inBook !== undefined) {
      for (const total of inBook) setTotal(store, total, fromParts(total.nano, total.rest) + change);
      continue;
    }
    const [where, values]: [string, SqlValue[]] =
      budget.period === 'conversation'
        ? ['start = 0 AND end = 0 AND conversation = ?', [after.conversation]]
        : ['start <= ? AND end > ?', [after.openedAt, after.openedAt]];
    const totals = store.sql.allExact<TotalRow>(`SELECT ${COLUMNS} FROM budget_total WHERE budget = ? AND ${where}`, [
      budget.id,
      ...values,
    ]);
    for (const total of totals) setTotal(store, total, fromParts(total.nano, total.rest) + change);
  }
}

/** Recalculates every total, after many entries were added at once. */
export function renewTotals(store: Store): void {
  for (const { total, spent } of totalsAnew(store)) setTotal(store, total, spent);
}

/** Deletes entries by calling `remove`. The amounts that they spent stay in the totals. */
export function keepTotals(store: Store, remove: () => void): void {
  renewTotals(store);
  remove();
  for (const { total, spent } of totalsAnew(store)) {
    const gone = unitsOf(total) - spent;
    const { nano, rest } = toParts(gone);
    store.sql.run('UPDATE budget_total SET pruned_nano = ?, pruned_rest = ? WHERE row = ?', [nano, rest, total.row]);
    setTotal(store, total, spent);
  }
}

/** Ensures that a total is not lower than the amount known to be spent, or to be spent by deleted entries. */
export function raiseTotal(
  store: Store,
  budget: Budget,
  stretch: Stretch,
  { total = 0n, pruned = 0n }: { total?: bigint; pruned?: bigint },
): void {
  const spent = addUp(store, budget, stretch);
  const [known] = findTotal(store, budget, stretch);
  const gone = [total - spent, pruned, known === undefined ? 0n : fromParts(known.pruned_nano, known.pruned_rest)].reduce(
    (most, one) => (one > most ? one : most),
  );
  const [now, before] = [toParts(spent), toParts(gone)];
  store.sql.run(
    `INSERT INTO budget_total (budget, start, end, conversation, nano, rest, pruned_nano, pruned_rest) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (budget, start, end, conversation) DO UPDATE SET nano = excluded.nano, rest = excluded.rest,
     pruned_nano = excluded.pruned_nano, pruned_rest = excluded.pruned_rest`,
    [budget.id, stretch.start, stretch.end, stretch.conversation, now.nano, now.rest, before.nano, before.rest],
  );
}

/** Returns a line for each total that is not the sum of its entries. */
export function wrongTotals(store: Store): string[] {
  return totalsAnew(store)
    .filter(({ total, spent }) => fromParts(total.nano, total.rest) !== spent)
    .map(({ total }) => `the running total of budget ${total.budget} differs from its entries`);
}

function totalsAnew(store: Store): { total: TotalRow; spent: bigint }[] {
  const budgets = new Map(readBudgets(store.sql).map((budget) => [budget.id, budget]));
  return store.sql.allExact<TotalRow>(`SELECT ${COLUMNS} FROM budget_total`).flatMap((total) => {
    const budget = budgets.get(Number(total.budget));
    if (budget === undefined) return [];
    const { start, end, conversation } = total;
    return [{ total, spent: addUp(store, budget, { start: Number(start), end: Number(end), conversation }) }];
  });
}

function setTotal({ sql, book }: Store, total: TotalRow, units: bigint): void {
  // Updates a cached total, too, for the next request.
  Object.assign(total, toParts(units));
  if (book?.timeTotals.includes(total) === true) book.changedTotals.add(total);
  else storeTotal(sql, total);
}

function storeTotal(sql: Store['sql'], { row, nano, rest }: TotalRow): void {
  sql.run('UPDATE budget_total SET nano = ?, rest = ? WHERE row = ?', [nano, rest, row]);
}

/** Writes the totals that have changed in the cache, each once however many entries have changed it. */
export function storeTotals({ sql, book }: Store): void {
  for (const total of book?.changedTotals ?? []) storeTotal(sql, total);
  book?.changedTotals.clear();
}

function addUp({ sql, labels }: Store, budget: Budget, { start, end, conversation }: Stretch): bigint {
  const isTime = end !== 0;
  const conditions = isTime ? ['opened_at >= ?', 'opened_at < ?'] : ['conversation = ?'];
  const values: SqlValue[] = isTime ? [start, end] : [conversation];
  for (const part of ['project', 'profile', 'vendor', 'clientKey'] as const) {
    const text = budget[part];
    if (text === undefined) continue;
    conditions.push(`${SCOPE_COLUMNS[part]} = ?`);
    values.push(labels.find(text) ?? -1);
  }
  if (budget.tag !== undefined) conditions.push(`tags IN (${labels.withTag(budget.tag).join(', ')})`);
  if (budget.model !== undefined) {
    const models = labels.matching((text) => matchesModel(budget, [text])).join(', ');
    conditions.push(`(model IN (${models}) OR requested_model IN (${models}))`);
  }
  const [sum] = sql.allExact<{ nano: bigint | null; rest: bigint | null }>(
    `SELECT SUM(cost_nano) nano, SUM(cost_rest) rest FROM entry INDEXED BY ${isTime ? 'entry_report' : 'entry_conversation'}
     WHERE ${conditions.join(' AND ')}`,
    values,
  );
  return fromParts(sum?.nano ?? 0n, sum?.rest ?? 0n);
}

function forgetPast({ sql, book }: Store, { id }: Budget, { start, end }: Stretch): void {
  if (end !== 0) {
    const past = start - Math.min(RETENTION_MS, RETAINED_WINDOWS * (end - start));
    sql.run('DELETE FROM budget_total WHERE budget = ? AND end <= ?', [id, past]);
    book?.forgetTotals(id, past);
  } else
    sql.run('DELETE FROM budget_total WHERE budget = ? AND row <= (SELECT MAX(row) FROM budget_total WHERE budget = ?) - ?', [
      id,
      id,
      RETAINED_CONVERSATIONS,
    ]);
}
