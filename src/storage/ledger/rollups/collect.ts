import type { EntryFilter } from '../entry.ts';
import type { Store } from '../store.ts';
import { RollupDamage } from './bytes.ts';
import { isAtMost } from './entry-count.ts';
import { cellFilter, type CellFilter, CUBE, DIMENSIONS, facetFor, FACETS, hourlyFacet, type RollupDimension } from './facets.ts';
import { joinRanges, LENGTHS, type Range, without } from './grid.ts';
import { readRawCells } from './raw-cells.ts';
import { type CellQuery, foldedSpans, hasFacet, readSpans, readState } from './stored-spans.ts';
import { type RollupCell, Cells } from './tally.ts';

export interface Wanted {
  /** Its `since` and `until` are ignored. */
  filter: EntryFilter;
  ranges: readonly Range[];
  /** What to keep separate. */
  by: readonly RollupDimension[];
  /** Keeps moments separate, such as days; every span up to `level` must be within one group. Default: all are one. */
  groupOf?: (moment: number) => number;
  /** The highest level of spans; undefined: only entries. */
  level: number | undefined;
  withTimes: boolean;
  /** The most entries to read one by one. */
  rawLimit: number;
}

/** Sums of the entries of one group with the same values of `by`. */
export interface Collected {
  group: number;
  cell: RollupCell;
}

/**
 * Adds up entries: from rollups what they cover, and from the entries the rest, which are parts of hours at the ends of ranges, the present, and
 * what has changed lately. Returns undefined if more than `rawLimit` entries would have to be read. Throws RollupDamage.
 */
export function collect(store: Store, wanted: Wanted): Collected[] | undefined {
  const allowed = cellFilter(store, wanted.filter);
  const facet = facetFor([...(allowed?.keys() ?? []), ...wanted.by]);
  const { runs, rest } = allowed === undefined ? { runs: [], rest: wanted.ranges } : cover(store, wanted, facet);
  if (!isAtMost(store, rest, wanted.rawLimit)) return undefined;
  const { groupOf = () => 0, withTimes } = wanted;
  const collector = new Collector(wanted);
  for (const { level, first, last, facet: own, isWithin } of runs) {
    const { dimensions, isHourly } = FACETS[own]!;
    const isWanted = matcher(allowed, dimensions, Number(isHourly));
    const add = collector.adderFor(dimensions, Number(isHourly));
    for (const { start, cells } of readSpans(store, { level, first, last }, { facet: own, withTimes, isWanted })) {
      for (const cell of cells) {
        const moment = isHourly ? start + cell.values[0]! * LENGTHS[0] : start;
        if (isWithin?.(moment) !== false) add(groupOf(moment), cell);
      }
    }
  }
  const add = collector.adderFor(DIMENSIONS, 0);
  for (const range of rest) {
    for (const [group, cells] of readRawCells(store, range, { filter: wanted.filter, groupOf }).groups)
      for (const cell of cells) add(group, cell);
  }
  return collector.collected();
}

class Collector {
  readonly #cells = new Cells<string>();
  readonly #groups = new Map<string, number>();
  readonly #by: readonly RollupDimension[];
  readonly #withTimes: boolean;

  constructor({ by, withTimes }: Wanted) {
    this.#by = by;
    this.#withTimes = withTimes;
  }

  /** Returns a function that adds a cell whose values are those of these dimensions, after `skipped` others. */
  adderFor(dimensions: readonly RollupDimension[], skipped: number): (group: number, cell: RollupCell) => void {
    const places = this.#by.map((dimension) => dimensions.indexOf(dimension) + skipped);
    return (group, cell) => {
      const values = places.map((place) => cell.values[place]!);
      const key = `${group} ${values.join(' ')}`;
      this.#groups.set(key, group);
      this.#cells.add(key, this.#withTimes ? cell : { ...cell, times: undefined }, () => values);
    };
  }

  collected(): Collected[] {
    return Array.from(this.#cells.entries(), ([key, cell]) => ({ group: this.#groups.get(key)!, cell }));
  }
}

/** Consecutive folded spans, of which one query reads a facet. */
interface Run {
  level: number;
  facet: number;
  first: number;
  last: number;
  /** Whether an hour of the spans is wanted. Undefined: all of them are. */
  isWithin?: (hour: number) => boolean;
}

/** Returns folded spans that are within the ranges, the longest possible, and the ranges that they leave. */
function cover(store: Store, { ranges, level: highest = -1 }: Wanted, facet: number): { runs: Run[]; rest: readonly Range[] } {
  const runs: Run[] = [];
  const until = readState(store)?.foldedUntil ?? 0;
  // Adjacent ranges stay separate: their border may be a midnight or a change of prices, which no span may contain.
  let rest = ranges;
  const take = (level: number, own: number): void => {
    const length = LENGTHS[level]!;
    const starts: number[] = [];
    for (const { start, end } of rest) {
      let run: Run | undefined;
      for (const span of foldedSpans(store, level, { start, end: end - length + 1 })) {
        if (span.start + length > until) throw new RollupDamage('a rollup is later than the last one');
        // One query reads all spans from the first to the last.
        if (!hasFacet(span, own)) run = undefined;
        else {
          starts.push(span.start);
          if (run === undefined) runs.push((run = { level, facet: own, first: span.start, last: span.start }));
          else run.last = span.start;
        }
      }
    }
    rest = without(rest, starts, length);
  };
  for (let level = highest; level > 0; level -= 1) take(level, facet);
  const hourly = hourlyFacet(facet);
  if (highest >= 0 && hourly !== undefined) rest = takeHours(store, rest, hourly, runs);
  if (highest >= 0) take(0, CUBE);
  return { runs, rest: joinRanges(rest) };
}

/** Takes the whole hours of the ranges from the days that contain them. */
function takeHours(store: Store, ranges: readonly Range[], facet: number, runs: Run[]): Range[] {
  const [hour, day] = LENGTHS;
  return ranges.flatMap((range) => {
    const hours: number[] = [];
    let run: Run | undefined;
    const isWithin = (moment: number): boolean => moment >= range.start && moment + hour <= range.end;
    for (const span of foldedSpans(store, 1, { start: range.start - day + hour, end: range.end - hour + 1 })) {
      if (!hasFacet(span, facet)) {
        run = undefined;
        continue;
      }
      if (run === undefined) runs.push((run = { level: 1, facet, first: span.start, last: span.start, isWithin }));
      else run.last = span.start;
      for (let at = span.start; at < span.start + day; at += hour) if (isWithin(at)) hours.push(at);
    }
    return without([range], hours, hour);
  });
}

/** Returns a condition on the values of cells, of which the first ones are skipped. */
function matcher(
  allowed: CellFilter | undefined,
  dimensions: readonly RollupDimension[],
  skipped: number,
): CellQuery['isWanted'] {
  const conditions = [...(allowed ?? [])].map(([dimension, values]) => ({
    place: dimensions.indexOf(dimension) + skipped,
    values,
  }));
  return (values) => conditions.every((condition) => condition.values.has(values[condition.place]!));
}
