import { entryConditions } from '../entry-filter.ts';
import type { EntryFilter } from '../entry.ts';
import { addRow, sumColumns, type SumName, type SumRow } from './sql.ts';
import type { Store } from '../store.ts';
import type { TimePiece } from './time-pieces.ts';

/** The sums to calculate for each group of entries. */
export interface SumQuery<Name extends SumName> {
  /** Expressions over the table `entry` by their names in a row; integers or null. */
  groups: Readonly<Record<string, string>>;
  sums: readonly Name[];
  /** Only requests that have ended. */
  isSettled?: boolean;
}

/** A group within one range of time: its sums, and the values of the group expressions by name. */
export type GroupRow<Name extends SumName> = SumRow<Name> & Readonly<Record<string, bigint | null>>;

/**
 * Sums one range of time after the other, and yields the rows of each. Ranges with the same key may occur several times, and the length of the
 * next one may depend on the results so far. With an index in order of time, SQLite then only has to sort few entries at once: for a million
 * entries this takes half the time of sorting them all.
 */
export function* readGroupedRows<Name extends SumName>(
  store: Store,
  filter: EntryFilter,
  query: SumQuery<Name>,
  pieceAt: (at: number) => TimePiece,
): Generator<TimePiece & { rows: GroupRow<Name>[] }> {
  for (const piece of piecesOf(store, filter, pieceAt)) yield { ...piece, rows: readPiece(store, filter, query, piece) };
}

/** Combines the sums of each group over several ranges; groups with the same `keyOf` are one. */
export function joinRows<Name extends SumName, Row extends SumRow<Name>>(
  rows: Iterable<Row>,
  sums: readonly Name[],
  keyOf: (row: Row) => string | number,
): Row[] {
  const joined = new Map<string | number, Row>();
  for (const row of rows) {
    const key = keyOf(row);
    const known = joined.get(key);
    if (known === undefined) joined.set(key, { ...row });
    else addRow(known, row, sums);
  }
  return [...joined.values()];
}

/** Yields the ranges of time that contain entries, in order. */
function* piecesOf(store: Store, filter: EntryFilter, pieceAt: (at: number) => TimePiece): Generator<TimePiece> {
  const { since = -Infinity, until = Infinity, conversation } = filter;
  // A conversation is short, and only its own index finds its entries.
  const { where, values, index } = entryConditions(store, conversation === undefined ? {} : { conversation }, ['opened_at >= ?']);
  const nextEntry = (from: number): number | undefined =>
    store.sql.first<{ at: number | null }>(
      `SELECT MIN(opened_at) at FROM entry INDEXED BY ${conversation === undefined ? 'entry_time' : index} WHERE ${where}`,
      [...values, from],
    )?.at ?? undefined;
  let at = nextEntry(Math.max(since, 0));
  while (at !== undefined && at < until) {
    const piece = pieceAt(at);
    yield { ...piece, start: Math.max(piece.start, since), end: Math.min(piece.end, until) };
    at = nextEntry(piece.end);
  }
}

function readPiece<Name extends SumName>(
  store: Store,
  filter: EntryFilter,
  { groups, sums, isSettled = false }: SumQuery<Name>,
  { start, end }: TimePiece,
): GroupRow<Name>[] {
  const { where, values, index } = entryConditions(
    store,
    { ...filter, since: start, until: end },
    isSettled ? ['outcome IS NOT NULL'] : [],
  );
  const names = Object.keys(groups).join(', ');
  const columns = [...Object.entries(groups).map(([name, expression]) => `${expression} ${name}`), sumColumns(sums)];
  // Without groups, a range without entries would give a row, too.
  const grouping = names === '' ? 'HAVING COUNT(*) > 0' : `GROUP BY ${names} ORDER BY ${names}`;
  return store.sql.allExact<GroupRow<Name>>(
    `SELECT ${columns.join(', ')} FROM entry INDEXED BY ${index} WHERE ${where} ${grouping}`,
    values,
  );
}
