import type { Store } from '../store.ts';
import { RollupDamage } from './bytes.ts';
import { decodeCells, encodeCells } from './codec.ts';
import { CUBE, FACETS } from './facets.ts';
import type { Grid, Range } from './grid.ts';
import type { RollupCell } from './tally.ts';

/** The cells of some facets, by their number. */
export type FacetCells = ReadonlyMap<number, readonly RollupCell[]>;

export interface RollupState extends Grid {
  /** No span ends later. */
  foldedUntil: number;
  /** Everything before is folded, as far as it is worth it. */
  unfoldedFrom: number;
}

/** Returns the state; undefined if nothing was ever folded. */
export function readState({ sql }: Store): RollupState | undefined {
  const row = sql.first<{ phase: number | null; until: number; dirty: number }>(
    'SELECT phase, folded_until until, unfolded_from dirty FROM rollup_state',
  );
  if (row === undefined) throw new RollupDamage('the state of the rollups is missing');
  return row.phase === null ? undefined : { phase: row.phase, foldedUntil: row.until, unfoldedFrom: row.dirty };
}

export function storeState({ sql }: Store, { phase, foldedUntil, unfoldedFrom }: RollupState): void {
  sql.run('INSERT OR REPLACE INTO rollup_state (row, phase, folded_until, unfolded_from) VALUES (1, ?, ?, ?)', [
    phase,
    foldedUntil,
    unfoldedFrom,
  ]);
}

/** Deletes all rollups: they are made again from the entries. */
export function forgetRollups({ sql }: Store): void {
  for (const table of ['rollup_span', 'rollup', 'rollup_times', 'rollup_state']) sql.run(`DELETE FROM ${table}`);
  sql.run('INSERT INTO rollup_state VALUES (1, NULL, 0, 0)');
}

/** Deletes the rollups of everything before a moment, and what contains it, while `remove` deletes the entries. */
export function deleteRollups({ sql }: Store, before: number, remove: () => void): void {
  for (const table of ['rollup_span', 'rollup', 'rollup_times']) sql.run(`DELETE FROM ${table} WHERE start < ?`, [before]);
  const known = sql.first<{ until: number }>('SELECT folded_until until FROM rollup_state')?.until ?? 0;
  // Otherwise each entry would search for its spans.
  sql.run('UPDATE rollup_state SET folded_until = 0');
  remove();
  sql.run('UPDATE rollup_state SET folded_until = ?, unfolded_from = min(unfolded_from, ?)', [known, before]);
}

export interface FoldedSpan {
  start: number;
  /** The facets that it has, as bits. */
  facets: number;
}

export function hasFacet({ facets }: Pick<FoldedSpan, 'facets'>, facet: number): boolean {
  return Math.floor(facets / 2 ** facet) % 2 === 1;
}

/** Returns the folded spans of a level that start in a range, in order of time. */
export function foldedSpans({ sql }: Store, level: number, { start, end }: Range): FoldedSpan[] {
  return sql.all('SELECT start, facets FROM rollup_span WHERE level = ? AND start >= ? AND start < ? ORDER BY start', [
    level,
    start,
    end,
  ]);
}

/** Stores these facets of a span, and no others. */
export function storeSpan({ sql }: Store, level: number, start: number, facets: FacetCells): void {
  let bits = 0;
  for (const [facet, cells] of facets) {
    const key = [facet, level, start];
    bits += 2 ** facet;
    const encoded = encodeCells(cells, start);
    sql.run('INSERT OR REPLACE INTO rollup (facet, level, start, cells) VALUES (?, ?, ?, ?)', [...key, encoded.cells]);
    sql.run('INSERT OR REPLACE INTO rollup_times (facet, level, start, times) VALUES (?, ?, ?, ?)', [...key, encoded.times]);
  }
  sql.run('INSERT OR REPLACE INTO rollup_span (level, start, facets) VALUES (?, ?, ?)', [level, start, bits]);
}

/** The cells to read. */
export interface CellQuery {
  facet: number;
  isWanted: (values: readonly number[]) => boolean;
  withTimes: boolean;
}

/** Yields the cells of consecutive folded spans, from `first` to `last`. Throws RollupDamage. */
export function* readSpans(
  { sql }: Store,
  { level, first, last }: { level: number; first: number; last: number },
  { facet, isWanted, withTimes }: CellQuery,
): Generator<{ start: number; cells: RollupCell[] }> {
  const rows = sql.allBytes<{ start: number; cells: ArrayBuffer | null; times?: ArrayBuffer | null }>(
    `SELECT span.start, rollup.cells${withTimes ? ', times.times' : ''} FROM rollup_span span
     LEFT JOIN rollup ON rollup.facet = ? AND rollup.level = span.level AND rollup.start = span.start
     ${withTimes ? `LEFT JOIN rollup_times times ON times.facet = rollup.facet AND times.level = span.level AND times.start = span.start` : ''}
     WHERE span.level = ? AND span.start >= ? AND span.start <= ? ORDER BY span.start`,
    [facet, level, first, last],
  );
  const { dimensions, isHourly } = FACETS[facet]!;
  const size = dimensions.length + Number(isHourly);
  for (const { start, cells, times } of rows) {
    if (cells === null || times === null) throw new RollupDamage('a rollup is missing');
    const bytes = new Uint8Array(cells);
    yield {
      start,
      cells: decodeCells(bytes, times === undefined ? undefined : new Uint8Array(times), { size, start, isWanted }),
    };
  }
}

/** Returns the cells of all dimensions of one folded span. */
export function readCube(store: Store, level: number, start: number): readonly RollupCell[] {
  const [span] = readSpans(store, { level, first: start, last: start }, { facet: CUBE, isWanted: () => true, withTimes: true });
  return span?.cells ?? [];
}
