import { countsToward, matchesModel, readBudgets, spanOf } from './rows.ts';
import { fromParts, paidUnits, toParts, unitsText } from '../cost-units.ts';
import { type Budget, type BudgetScope, type PeriodSpan, SCOPE_COLUMNS } from './budget.ts';
import type { TotalRow } from './known.ts';
import type { LedgerEntry } from '../entry.ts';
import type { SqlValue } from '../../sqlite/sql.ts';
import type { Store } from '../store.ts';
import { texts } from '../../sqlite/stored-text.ts';

/** What a total is of: a stretch of time, or (start and end 0) a conversation. */
export interface Stretch {
  start: number;
  end: number;
  conversation: string;
}

export interface TotalOptions {
  /** Whether a total that is missing may be stored: inside a write transaction only. */
  canWrite: boolean;
  /** A total was missing and had to be added up. */
  onMissing?: () => void;
}

const COLUMNS = `row, budget, start, end, nano, rest, pruned_nano, pruned_rest, ${texts('conversation')}`;
const RETAINED_CONVERSATIONS = 1000;
/** Processes in other time zones may still be in a stretch that is over here. */
const RETENTION_MS = 2 * 24 * 60 * 60 * 1000;

/**
 * What is spent of a budget where the scope is, in units. The first time it is added up from the entries; from then on the total is stored
 * current by `adjustTotals`, in the same transaction as each change of a cost.
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

/** The totals of all stretches of time. */
export function readTimeTotals(sql: Store['sql']): TotalRow[] {
  return sql.allExact<TotalRow>(`SELECT ${COLUMNS} FROM budget_total WHERE conversation = ''`);
}

/** What is spent of a budget in a stretch, in units. */
export function totalOf(store: Store, budget: Budget, stretch: Stretch): bigint {
  const [known] = findTotal(store, budget, stretch);
  return known === undefined ? addUp(store, budget, stretch) : unitsOf(known);
}

/** What was spent of a budget in the stretches of time that are not over. */
export function copyTotals({ sql }: Store, budget: number, now: number): (PeriodSpan & { amount: string })[] {
  return sql
    .allExact<TotalRow>(`SELECT ${COLUMNS} FROM budget_total WHERE budget = ? AND end > ? ORDER BY start`, [budget, now])
    .map((total) => ({ start: Number(total.start), end: Number(total.end), amount: unitsText(unitsOf(total)) }));
}

/** Everything that all totals say is spent, in units: tells whether one of them fell. */
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

/** Carries the change of an entry's cost, or of the models that it counts for, into all totals that it is part of. */
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

/** Adds up every total anew: after many entries came at once. */
export function renewTotals(store: Store): void {
  for (const { total, spent } of totalsAnew(store)) setTotal(store, total, spent);
}

/** Deletes entries without giving back what they had spent: `remove` deletes, and every total stays what it was. */
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

/** Keeps a total from falling below what is known to be spent, or to be spent by entries that are gone. */
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

/** The totals that are not the sum of their entries, as lines. */
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

function setTotal({ sql }: Store, total: TotalRow, units: bigint): void {
  // Of one in a book the next request is to know it.
  Object.assign(total, toParts(units));
  sql.run('UPDATE budget_total SET nano = ?, rest = ? WHERE row = ?', [total.nano, total.rest, total.row]);
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

function forgetPast({ sql }: Store, { id }: Budget, { start, end }: Stretch): void {
  if (end !== 0) sql.run('DELETE FROM budget_total WHERE budget = ? AND end <= ?', [id, start - RETENTION_MS]);
  else
    sql.run('DELETE FROM budget_total WHERE budget = ? AND row <= (SELECT MAX(row) FROM budget_total WHERE budget = ?) - ?', [
      id,
      id,
      RETAINED_CONVERSATIONS,
    ]);
}
