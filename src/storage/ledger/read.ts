import { entryConditions } from './entry-filter.ts';
import { ENTRY_COLUMNS, entryOf, type EntryRow } from './entry-row.ts';
import type { EntryFilter, LedgerEntry } from './entry.ts';
import { clean } from '../sqlite/clean-text.ts';
import type { SqlValue } from '../sqlite/sql.ts';
import type { Store } from './store.ts';

const PAGE = 500;
/** Vendors have no record of a cost. */
const IS_DIRECT = `EXISTS (SELECT 1 FROM label WHERE label.id = entry.requested_model AND text GLOB '[a-z]*:*'
  AND substr(text, 1, instr(text, ':') - 1) NOT GLOB '*[^a-z0-9-]*')`;

/**
 * Yields entries in order of time, page by page. Entries written meanwhile appear from the next page on, and no earlier entry is repeated or
 * skipped.
 */
export function* readEntries(
  store: Store,
  filter: EntryFilter,
  { order = 'oldest', limit = Infinity }: { order?: 'oldest' | 'latest'; limit?: number } = {},
): Generator<LedgerEntry> {
  const [after, direction] = order === 'oldest' ? ['>', 'ASC'] : ['<', 'DESC'];
  let last: EntryRow | undefined;
  for (let left = limit; left > 0; left -= PAGE) {
    const size = Math.min(PAGE, Math.floor(left));
    const isNext: SqlValue[] = last === undefined ? [] : [last.opened_at, last.row];
    const { where, values, index } = entryConditions(
      store,
      filter,
      last === undefined ? [] : [`(opened_at, row) ${after} (?, ?)`],
    );
    const rows = store.sql.all<EntryRow>(
      `SELECT ${ENTRY_COLUMNS} FROM entry INDEXED BY ${index === 'entry_report' ? 'entry_time' : index}
       WHERE ${where} ORDER BY opened_at ${direction}, row ${direction} LIMIT ${size}`,
      [...values, ...isNext],
    );
    for (const row of rows) yield entryOf(row, store.labels);
    if (rows.length < PAGE) return;
    last = rows.at(-1);
  }
}

/**
 * Returns the entry of a generation. Reads the whole table, because only generations of client keys have an index: reading a million rows took
 * 0.4 s in a measurement, creating the index for them 2.1 s. Its migration would stop the first command on a large ledger for longer than many
 * lookups take together, and every request would write one more index.
 */
export function readGeneration({ sql, labels }: Store, generationId: string): LedgerEntry | undefined {
  const row = sql.first<EntryRow>(`SELECT ${ENTRY_COLUMNS} FROM entry WHERE generation_id = ? ORDER BY opened_at DESC LIMIT 1`, [
    clean(generationId),
  ]);
  return row === undefined ? undefined : entryOf(row, labels);
}

export function readUnpriced({ sql, labels }: Store): LedgerEntry[] {
  return sql
    .all<EntryRow>(`SELECT ${ENTRY_COLUMNS} FROM entry WHERE cost_source = 0 AND outcome IS NOT NULL ORDER BY opened_at, row`)
    .map((row) => entryOf(row, labels));
}

export function readUnbilled({ sql, labels }: Store, { since, limit }: { since: number; limit: number }): LedgerEntry[] {
  return sql
    .all<EntryRow>(
      `SELECT ${ENTRY_COLUMNS} FROM entry INDEXED BY entry_unbilled
       WHERE generation_id IS NOT NULL AND cost_source < 2 AND outcome IS NOT NULL AND opened_at >= ? AND NOT ${IS_DIRECT}
       ORDER BY look_ups, opened_at LIMIT ?`,
      [since, Math.min(Math.floor(limit), Number.MAX_SAFE_INTEGER)],
    )
    .map((row) => entryOf(row, labels));
}
