import { fewEntriesOf, type Store } from '../store.ts';
import { isAtMost } from './entry-count.ts';
import { CUBE, DIMENSIONS, FACETS } from './facets.ts';
import { LENGTHS, type Range } from './grid.ts';
import { readRawCells } from './raw-cells.ts';
import type { FacetCells } from './stored-spans.ts';
import { type RollupCell, Cells, SUM } from './tally.ts';

/** Cells of one hour of a day. */
export interface Hour {
  /** 0 to 23. */
  hour: number;
  cells: readonly RollupCell[];
}

/** A span to store. */
export interface SpanCells {
  /** The cells of all dimensions. */
  cells: readonly RollupCell[];
  /** Of a day: the cells of all dimensions by hour; or without any dimension, of a day with few entries. */
  hours: readonly Hour[];
}

/** As shares of the entries that a report reads one by one (Store). */
const [FEW_IN_DAY, FEW_IN_HOUR] = [1 / 2, 1 / 150];

/** Returns the cells of a day from its entries. */
export function rawDay(store: Store, { start, end }: Range): SpanCells {
  const hourOf = (moment: number): number => Math.floor((moment - start) / LENGTHS[0]);
  const isBusy = !isAtMost(store, [{ start, end }], fewEntriesOf(store) * FEW_IN_DAY);
  const { groups, totals } = readRawCells(store, { start, end }, isBusy ? { groupOf: hourOf } : { totalOf: hourOf });
  const hours = Array.from(isBusy ? groups : totals, ([hour, cells]) => ({ hour, cells }));
  return { hours, cells: isBusy ? joinCells([...groups.values()]) : (groups.get(0) ?? []) };
}

/** Returns whether to store an hour by itself: only for the present day, and to fold a day again that has changed. */
export function isWorthHour(store: Store, cells: readonly RollupCell[]): boolean {
  const requests = requestsIn(cells);
  return requests > fewEntriesOf(store) * FEW_IN_HOUR && cells.length * 3 <= requests && cells[0]!.values.length > 0;
}

/**
 * Returns the facets to store for a span. Sums by hour of a day with few entries are kept only in total: for filters, adding up its entries is fast
 * enough.
 */
export function facetsOf(store: Store, level: number, { hours, cells }: SpanCells): FacetCells {
  const requests = requestsIn(cells);
  const isBusy = requests > fewEntriesOf(store) * FEW_IN_DAY;
  const facets = new Map<number, readonly RollupCell[]>();
  for (const [facet, { dimensions, isHourly }] of FACETS.entries()) {
    if (isHourly) {
      if (level === 1 && (isBusy || dimensions.length === 0)) facets.set(facet, projected(facet, hours));
    } else if (facet !== CUBE) facets.set(facet, projected(facet, [{ hour: 0, cells }]));
    else if (level > 1 || cells.length * 3 <= requests) facets.set(facet, cells);
  }
  return facets;
}

/** Adds the cells of several parts of a span. */
export function joinCells(parts: readonly (readonly RollupCell[])[]): readonly RollupCell[] {
  if (parts.length === 1) return parts[0]!;
  const joined = new Cells<string>();
  for (const cells of parts) for (const cell of cells) joined.add(cell.values.join(' '), cell);
  return joined.all();
}

function projected(facet: number, hours: readonly Hour[]): RollupCell[] {
  const { dimensions, isHourly } = FACETS[facet]!;
  const places = dimensions.map((dimension) => DIMENSIONS.indexOf(dimension));
  const joined = new Cells<number>();
  for (const { hour, cells } of hours) {
    for (const cell of cells) {
      // Labels and classes are small numbers: 2^32 labels, 24 hours and 2^5 classes are one exact integer.
      let key = hour;
      for (const place of places) key = key * (place === SIZE_PLACE ? 32 : 2 ** 32) + cell.values[place]!;
      joined.add(key, cell, () => {
        const values = places.map((place) => cell.values[place]!);
        return isHourly ? [hour, ...values] : values;
      });
    }
  }
  return joined.all();
}

const SIZE_PLACE = DIMENSIONS.indexOf('size');

function requestsIn(cells: readonly RollupCell[]): number {
  return cells.reduce((sum, { sums }) => sum + sums[SUM.requests]!, 0);
}
