import type { Store } from '../store.ts';
import { isAtMost } from './entry-count.ts';
import { CUBE } from './facets.ts';
import { type Grid, LENGTHS, type Range, spanStart, TOP } from './grid.ts';
import { facetsOf, type Hour, isWorthHour, joinCells, rawDay, type SpanCells } from './span-facets.ts';
import { readRawCells } from './raw-cells.ts';
import { foldedSpans, hasFacet, readCube, readState, type RollupState, storeSpan, storeState } from './stored-spans.ts';
import { type RollupCell, SUM } from './tally.ts';

/** How long after its end an hour is folded: most of its requests have then ended. */
const LAG_MS = 15 * 60_000;
const [HOUR, DAY] = LENGTHS;

export interface FoldOptions {
  now: number;
  /** The phase of the process's time zone, for a ledger without rollups. */
  phase: number;
  /** Stops after about this many entries; the next call continues. */
  limit: number;
  /** Never folds more at once, even if nothing is folded then. */
  isStrict?: boolean;
}

/** Folds what is over and not yet folded, oldest first: only inside a write transaction. Returns whether nothing is left. */
export function foldEntries(store: Store, { now, phase, limit, isStrict = false }: FoldOptions): boolean {
  const state = readState(store) ?? { phase, foldedUntil: 0, unfoldedFrom: 0 };
  const end = spanStart(state, 0, now - LAG_MS);
  if (state.unfoldedFrom >= end) return true;
  const fold = new Fold(store, state, { end, limit, isStrict });
  const isDone = fold.run(state.unfoldedFrom);
  storeState(store, {
    ...state,
    foldedUntil: Math.max(state.foldedUntil, fold.foldedUntil),
    unfoldedFrom: isDone ? end : fold.stoppedAt,
  });
  return isDone;
}

class Fold {
  foldedUntil = 0;
  /** The start of the first span that was not folded because of the limit. */
  stoppedAt = Infinity;
  #left: number;
  #isStarted: boolean;
  readonly #store: Store;
  readonly #grid: Grid;
  readonly #end: number;

  constructor(store: Store, grid: RollupState, { end, limit, isStrict }: { end: number; limit: number; isStrict: boolean }) {
    this.#store = store;
    this.#grid = grid;
    this.#end = end;
    this.#left = limit;
    this.#isStarted = isStrict;
  }

  /** Returns whether everything is folded; otherwise `stoppedAt` tells where to continue. */
  run(from: number): boolean {
    // The spans that contain the moment before may be over only now.
    for (let at = nextEntry(this.#store, spanStart(this.#grid, TOP, from - 1)); at !== undefined && at < this.#end;) {
      const start = spanStart(this.#grid, TOP, at);
      this.#visit(TOP, start, { from, isNeeded: false });
      if (this.stoppedAt < Infinity) return false;
      at = nextEntry(this.#store, start + LENGTHS[TOP]!);
    }
    this.foldedUntil = this.#end;
    return true;
  }

  /** Folds a span and what is in it. Returns its cells of all dimensions if all of it is over and folded, and if they are needed. */
  #visit(
    level: number,
    start: number,
    { from, isNeeded }: { from: number; isNeeded: boolean },
  ): readonly RollupCell[] | undefined {
    const end = start + LENGTHS[level]!;
    const isOver = end <= this.#end;
    const [known] = isOver ? foldedSpans(this.#store, level, { start, end: start + 1 }) : [];
    if (known !== undefined) {
      if (!isNeeded) return undefined;
      return hasFacet(known, CUBE) ? readCube(this.#store, level, start) : this.#rawCells({ start, end });
    }
    if (level === 1)
      return isOver ? this.#foldDay(start) : this.#foldHours({ start: Math.max(start, from - HOUR), end: this.#end });
    const parts: (readonly RollupCell[])[] = [];
    // A span that is over needs all of its parts.
    const first = isOver ? start : Math.max(start, spanStart(this.#grid, level - 1, from - 1));
    for (let at = nextEntry(this.#store, first); at !== undefined && at < Math.min(end, this.#end);) {
      const part = spanStart(this.#grid, level - 1, at);
      const cells = this.#visit(level - 1, part, { from, isNeeded: isOver });
      if (this.stoppedAt < Infinity) return undefined;
      if (cells !== undefined) parts.push(cells);
      at = nextEntry(this.#store, part + LENGTHS[level - 1]!);
    }
    if (!isOver) return undefined;
    const cells = joinCells(parts);
    this.#keep(level, start, { hours: [], cells });
    return cells;
  }

  #foldDay(start: number): readonly RollupCell[] | undefined {
    const range = { start, end: start + DAY };
    if (!this.#hasRoom(range)) return undefined;
    const span = foldedSpans(this.#store, 0, range).length === 0 ? rawDay(this.#store, range) : this.#hoursOf(range);
    for (const { hour, cells } of span.hours) this.#keepHour(start + hour * HOUR, cells);
    this.#count(span.cells);
    this.#keep(1, start, span);
    return span.cells;
  }

  /** Returns the cells of a day whose hours are partly folded. */
  #hoursOf({ start, end }: Range): SpanCells {
    const hours: Hour[] = [];
    for (let at = nextEntry(this.#store, start); at !== undefined && at < end;) {
      const hour = Math.floor((at - start) / HOUR);
      hours.push({ hour, cells: this.#hour(start + hour * HOUR) });
      at = nextEntry(this.#store, start + (hour + 1) * HOUR);
    }
    return { hours, cells: joinCells(hours.map(({ cells }) => cells)) };
  }

  /** Folds the hours of a day that is not over. */
  #foldHours({ start, end }: Range): undefined {
    for (let at = nextEntry(this.#store, start); at !== undefined && at < end;) {
      const hour = spanStart(this.#grid, 0, at);
      if (hour + HOUR > end) return undefined;
      if (!this.#hasRoom({ start: hour, end: hour + HOUR })) return undefined;
      const cells = this.#hour(hour);
      this.#count(cells);
      this.#keepHour(hour, cells);
      at = nextEntry(this.#store, hour + HOUR);
    }
    return undefined;
  }

  #hour(start: number): readonly RollupCell[] {
    const isKnown = foldedSpans(this.#store, 0, { start, end: start + 1 }).length > 0;
    return isKnown ? readCube(this.#store, 0, start) : this.#rawCells({ start, end: start + HOUR });
  }

  #keepHour(start: number, cells: readonly RollupCell[]): void {
    if (!isWorthHour(this.#store, cells)) return;
    storeSpan(this.#store, 0, start, new Map([[CUBE, cells]]));
    this.foldedUntil = Math.max(this.foldedUntil, start + HOUR);
  }

  #rawCells(range: Range): readonly RollupCell[] {
    return readRawCells(this.#store, range).groups.get(0) ?? [];
  }

  #count(cells: readonly RollupCell[]): void {
    for (const { sums } of cells) this.#left -= sums[SUM.requests]!;
  }

  #hasRoom(range: Range): boolean {
    if (!this.#isStarted || isAtMost(this.#store, [range], this.#left)) {
      this.#isStarted = true;
      return true;
    }
    this.stoppedAt = range.start;
    return false;
  }

  #keep(level: number, start: number, span: SpanCells): void {
    storeSpan(this.#store, level, start, facetsOf(this.#store, level, span));
    this.foldedUntil = Math.max(this.foldedUntil, start + LENGTHS[level]!);
  }
}

/** Returns when the first entry at or after a moment was opened. */
export function nextEntry({ sql }: Store, from: number): number | undefined {
  return (
    sql.first<{ at: number | null }>('SELECT MIN(opened_at) at FROM entry INDEXED BY entry_time WHERE opened_at >= ?', [from])
      ?.at ?? undefined
  );
}
