import { adjustTotals, keepTotals } from './budgets/totals.ts';
import { isAmount, paidUnits, toUnits, unitsText } from './cost-units.ts';
import {
  ENTRY_COLUMNS,
  entryOf,
  entryValues,
  INSERT_ENTRY,
  INSERT_OPENED,
  openedValues,
  resultValues,
  sourceRank,
  UPDATE_RESULT,
  type EntryRow,
} from './entry-row.ts';
import { copyWith } from '../../copy-with.ts';
import { clean } from '../sqlite/clean-text.ts';
import { amountReserved, endLease, keepSlice, lostEntries, storeLease } from './budgets/leases.ts';
import type { BudgetScope, BudgetStanding, Hold, Opened, Reservation } from './budgets/budget.ts';
import type { EntryResult, LedgerEntry, OpeningEntry } from './entry.ts';
import { haveRoom, readStandings } from './budgets/standings.ts';
import { deleteRollups } from './rollups/stored-spans.ts';
import type { Store } from './store.ts';

// Each of these functions must run inside a write transaction.

const OPEN = { state: 'open', costSource: 'unknown' } as const;
const SETTLED = { state: 'settled' } as const;

export function openEntry(store: Store, entry: OpeningEntry, hold?: Hold): Opened {
  const { book } = store;
  let spare = 0n;
  if (hold !== undefined) {
    // Frees the reservations of processes that have ended, and records their expected cost as spent.
    if (book === undefined) closeLostEntries(store, hold.scope.now);
    else book.closeLost(hold.scope.now);
    const more = toUnits(hold.reservation.amount);
    if (book?.hasRoom(hold.scope, more) !== true) {
      const standings = readStandings(store, hold.scope, { canWrite: true });
      if (!haveRoom(standings, more)) return { kind: 'refused', standings };
    } else if (hold.spare !== undefined) spare = book.spareFor(hold.scope, more, toUnits(hold.spare));
  }
  const opened: LedgerEntry = copyWith(entry, OPEN);
  const row = store.sql.insert(INSERT_OPENED, openedValues(opened, store.labels));
  book?.opened.set(entry.id, { row, entry: opened });
  storeLease(store, row, entry, {
    from: entry.openedAt,
    expiresAt: hold?.reservation.expiresAt,
    amount: spare === 0n ? hold?.reservation.amount : unitsText(toUnits(hold!.reservation.amount) + spare),
    models: hold?.scope.models ?? [entry.requestedModel],
  });
  return spare === 0n ? { kind: 'opened' } : { kind: 'opened', slice: { row, spare: unitsText(spare) } };
}

/** Adds an entry that has already ended. Returns its row. */
export function recordEnded(store: Store, opening: OpeningEntry, given: EntryResult): number {
  const before: LedgerEntry = copyWith(opening, OPEN);
  const after: LedgerEntry = copyWith(before, defined(copyWith(withSoundCost(given), SETTLED)));
  const row = store.sql.insert(INSERT_ENTRY, entryValues(after, store.labels));
  adjustTotals(store, before, after);
  return row;
}

export function renewLease(
  store: Store,
  id: string,
  reservation: Reservation,
  scope: BudgetScope,
): readonly BudgetStanding[] | undefined {
  const match = findEntry(store, id);
  if (match === undefined || match.entry.state === 'settled') return undefined;
  const more = toUnits(reservation.amount) - amountReserved(store, match.row);
  if (more > 0n) {
    const standings = readStandings(store, scope, { canWrite: true });
    if (!hasRoomFor(standings, reservation, more)) return standings;
  }
  storeLease(store, match.row, match.entry, { from: scope.now, ...reservation, models: scope.models });
  return undefined;
}

/** See Ledger.refusals. */
export function refusalsOf(
  store: Store,
  amount: string,
  more: bigint,
  scope: BudgetScope,
): readonly BudgetStanding[] | undefined {
  const standings = readStandings(store, scope, { canWrite: true });
  return hasRoomFor(standings, { amount }, more) ? undefined : standings;
}

export function noteGenerationId({ sql, book }: Store, id: string, generationId: string): void {
  const known = book?.opened.get(id);
  if (known !== undefined) book?.opened.set(id, { ...known, entry: { ...known.entry, generationId } });
  sql.run('UPDATE entry SET generation_id = ? WHERE id = ? AND outcome IS NULL', [clean(generationId), clean(id)]);
}

/** Returns the entry's row. `isSlice`: its lease stays, because other requests hold parts of it. */
export function settleEntry(
  store: Store,
  id: string,
  given: EntryResult,
  keepUntil?: number,
  isSlice = false,
): number | undefined {
  const match = store.book?.opened.get(id) ?? findEntry(store, id);
  if (match === undefined) return undefined;
  store.book?.opened.delete(id);
  const { row, entry } = match;
  const result = withSoundCost(given);
  if (entry.state === 'settled') {
    replaceCost(store, id, result);
    return row;
  }
  // The entry may already have its generation id.
  finish(store, row, entry, copyWith(entry, defined(copyWith(result, SETTLED))));
  if (isSlice) {
    keepSlice(store, row);
    return row;
  }
  const isSure = sourceRank(result.costSource) > sourceRank('estimated');
  const rest = amountReserved(store, row) - paidUnits(result);
  const isStored = keepUntil !== undefined && !isSure && rest > 0n;
  endLease(store, row, isStored ? { amount: unitsText(rest), until: keepUntil } : undefined);
  return row;
}

/** Replaces the cost by one from a better source, and adds the other data of that source. Returns whether the source was better. */
export function replaceCost(store: Store, id: string, result: EntryResult): boolean {
  const match = findEntry(store, id);
  if (match === undefined || match.entry.state !== 'settled') return false;
  const { row, entry } = match;
  if (!isBetter(result, entry)) return false;
  // The process that received the answer recorded how it ended; only a lost entry has no such record.
  const { outcome = result.outcome, attempts = result.attempts } = entry;
  finish(store, row, entry, {
    ...entry,
    ...defined(result),
    ...(result.isByok === false && { upstreamCost: undefined }),
    outcome: outcome === 'lost' ? result.outcome : outcome,
    attempts,
  });
  if (sourceRank(result.costSource) > sourceRank('estimated')) endLease(store, row);
  return true;
}

/** Two equally good sources differ only if one of them has what the provider charged. */
function isBetter(result: EntryResult, { costSource, upstreamCost }: LedgerEntry): boolean {
  const difference = sourceRank(result.costSource) - sourceRank(costSource);
  return difference > 0 || (difference === 0 && upstreamCost === undefined && result.upstreamCost !== undefined);
}

export function closeLostEntries(store: Store, now: number): number {
  const { rows, ended } = lostEntries(store, now);
  if (ended.size > 0)
    for (const noted of store.notedBy?.(ended) ?? [])
      if (findEntry(store, noted.id) === undefined) recordEnded(store, noted, lostResult(noted));
  for (const row of rows) {
    const match = store.sql.first<EntryRow>(`SELECT ${ENTRY_COLUMNS} FROM entry WHERE row = ?`, [row]);
    if (match === undefined) continue;
    const entry = entryOf(match, store.labels);
    finish(store, row, entry, { ...entry, ...lostResult(entry), state: 'settled' });
    endLease(store, row);
    store.book?.opened.delete(entry.id);
  }
  return rows.length;
}

/** Returns the result of an entry whose process ended before it settled it. Its cost may be looked up later, if its generation id is known. */
export function lostResult({ expectedCost }: OpeningEntry): EntryResult {
  const cost: Pick<EntryResult, 'cost' | 'costSource'> = isAmount(expectedCost)
    ? { cost: expectedCost, costSource: 'estimated' }
    : { costSource: 'unknown' };
  return { ...cost, outcome: 'lost', attempts: 1 };
}

/** Returns an entry and its row by id. */
export function findEntry({ sql, labels }: Store, id: string): { row: number; entry: LedgerEntry } | undefined {
  const row = sql.first<EntryRow>(`SELECT ${ENTRY_COLUMNS} FROM entry WHERE id = ?`, [clean(id)]);
  return row === undefined ? undefined : { row: row.row, entry: entryOf(row, labels) };
}

function finish(store: Store, row: number, before: LedgerEntry, after: LedgerEntry): void {
  store.sql.run(UPDATE_RESULT, [...resultValues(after, store.labels), row]);
  adjustTotals(store, before, after);
}

// When a reservation is increased, the budget of one request must allow the whole amount, the others only the increase.
function hasRoomFor(standings: readonly BudgetStanding[], { amount }: Pick<Reservation, 'amount'>, more: bigint): boolean {
  const isOfRequest = ({ budget }: BudgetStanding): boolean => budget.period === 'request';
  return (
    haveRoom(standings.filter(isOfRequest), toUnits(amount)) &&
    haveRoom(
      standings.filter((standing) => !isOfRequest(standing)),
      more,
    )
  );
}

// Discards a cost that is not a valid amount, whatever its source.
function withSoundCost(result: EntryResult): EntryResult {
  const upstreamCost = result.isByok === true && isAmount(result.upstreamCost) ? result.upstreamCost : undefined;
  if (result.costSource === 'unknown' || !isAmount(result.cost))
    return { ...result, cost: undefined, upstreamCost: undefined, costSource: 'unknown' };
  return { ...result, upstreamCost };
}

function defined(result: EntryResult): EntryResult {
  const found: Partial<Record<string, unknown>> = {};
  for (const [name, value] of Object.entries(result)) if (value !== undefined) found[name] = value;
  return found as unknown as EntryResult;
}

/** Deletes settled entries opened before this moment. What they spent stays in the running totals of the budgets. */
export function pruneEntries(store: Store, before: number): number {
  const { sql } = store;
  let deleted = 0;
  keepTotals(store, () => {
    sql.run('DELETE FROM lease WHERE entry IN (SELECT row FROM entry WHERE opened_at < ? AND outcome IS NOT NULL)', [before]);
    deleteRollups(store, before, () => {
      deleted = sql.run('DELETE FROM entry WHERE opened_at < ? AND outcome IS NOT NULL', [before]);
    });
  });
  return deleted;
}
