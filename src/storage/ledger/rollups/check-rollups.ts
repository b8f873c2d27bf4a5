import type { Store } from '../store.ts';
import { RollupDamage } from './bytes.ts';
import { encodeCells } from './codec.ts';
import { CUBE, FACETS } from './facets.ts';
import { nextEntry } from './fold.ts';
import { type Grid, LENGTHS, spanStart, TOP } from './grid.ts';
import { readRawCells } from './raw-cells.ts';
import { facetsOf, joinCells, rawDay, type SpanCells } from './span-facets.ts';
import { type FacetCells, type FoldedSpan, foldedSpans, hasFacet, readState } from './stored-spans.ts';
import type { RollupCell } from './tally.ts';

const MOST_NAMED = 20;

/** Adds up all entries in rollups again, and returns a line for each span that differs from them. */
export function wrongRollups(store: Store): string[] {
  try {
    return differences(store);
  } catch (error) {
    if (error instanceof RollupDamage) return [error.message];
    throw error;
  }
}

function differences(store: Store): string[] {
  const state = readState(store);
  const spans = new Map(
    store.sql
      .all<{ level: number; start: number; facets: number }>('SELECT level, start, facets FROM rollup_span')
      .map((span) => [keyOf(span.level, span.start), span]),
  );
  const take = (level: number, start: number): FoldedSpan | undefined => {
    const span = spans.get(keyOf(level, start));
    spans.delete(keyOf(level, start));
    return span;
  };
  if (state === undefined) return spans.size === 0 ? [] : ['there are rollups without a grid'];
  const wrong = [...spans.values()]
    .filter(({ level, start }) => start + (LENGTHS[level] ?? Infinity) > state.foldedUntil)
    .map(({ start }) => differs(start));
  const checkSpan = (level: number, start: number, cells: SpanCells): void => {
    const span = take(level, start);
    if (span === undefined) return;
    const facets = level === 0 ? new Map([[CUBE, cells.cells]]) : facetsOf(store, level, cells);
    if (!isSame(store, level, span, facets)) wrong.push(differs(start));
  };
  const check = (level: number, start: number, isNeeded: boolean): readonly RollupCell[] => {
    const isOwn = isNeeded || spans.has(keyOf(level, start));
    if (level > 1) {
      const starts = startsWithin(store, state, level - 1, { from: start, to: start + LENGTHS[level]! });
      const parts = Array.from(starts, (part) => check(level - 1, part, isOwn));
      const cells = isOwn ? joinCells(parts) : [];
      checkSpan(level, start, { hours: [], cells });
      return cells;
    }
    const range = { start, end: start + LENGTHS[1] };
    for (const hour of foldedSpans(store, 0, range)) {
      const cells = readRawCells(store, { start: hour.start, end: hour.start + LENGTHS[0] }).groups.get(0) ?? [];
      checkSpan(0, hour.start, { hours: [], cells });
    }
    if (!isOwn) return [];
    const day = rawDay(store, range);
    checkSpan(1, start, day);
    return day.cells;
  };
  for (const start of startsWithin(store, state, TOP, { from: 0, to: Infinity })) check(TOP, start, false);
  // Spans without entries are never stored.
  wrong.push(...[...spans.values()].map(({ start }) => differs(start)));
  return [...new Set(wrong)].slice(0, MOST_NAMED);
}

function differs(start: number): string {
  return `the sums for reports from ${new Date(start).toISOString()} on differ from the entries`;
}

function* startsWithin(store: Store, grid: Grid, level: number, { from, to }: { from: number; to: number }): Generator<number> {
  for (let at = nextEntry(store, from); at !== undefined && at < to;) {
    const start = spanStart(grid, level, at);
    yield start;
    at = nextEntry(store, start + LENGTHS[level]!);
  }
}

function keyOf(level: number, start: number): string {
  return `${level} ${start}`;
}

function isSame({ sql }: Store, level: number, span: FoldedSpan, facets: FacetCells): boolean {
  return FACETS.every((_, facet) => {
    const cells = facets.get(facet);
    if ((cells !== undefined) !== hasFacet(span, facet)) return false;
    if (cells === undefined) return true;
    const [row] = sql.allBytes<{ cells: ArrayBuffer; times: ArrayBuffer }>(
      `SELECT cells, times FROM rollup JOIN rollup_times USING (facet, level, start) WHERE facet = ? AND level = ? AND start = ?`,
      [facet, level, span.start],
    );
    if (row === undefined) return false;
    const encoded = encodeCells(cells, span.start);
    return Buffer.from(row.cells).equals(encoded.cells) && Buffer.from(row.times).equals(encoded.times);
  });
}
