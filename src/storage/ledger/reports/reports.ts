import type { EntryFilter } from '../entry.ts';
import { fewEntriesOf, type Store } from '../store.ts';
import { type Buckets, bucketValue, RELATIVE_ERROR } from '../rollups/buckets.ts';
import { collect, type Collected, type Wanted } from '../rollups/collect.ts';
import { isAtMost } from '../rollups/entry-count.ts';
import type { RollupDimension } from '../rollups/facets.ts';
import { LENGTHS, levelWithinDays, type Range, spanStart, TOP } from '../rollups/grid.ts';
import { readState } from '../rollups/stored-spans.ts';
import { amountAt, type RollupCell, Cells, cellSums, emptySums, failedIn, SUM } from '../rollups/tally.ts';
import { entryDays, entryReport, entrySums, groupsOf, labelOf } from './entry-report.ts';
import type { DayCost, Distribution, ModelUse, Report, ReportOptions, Sums, TimeDistributions, ZoneShift } from './report.ts';
import { bucketsOf, type Times } from '../rollups/times.ts';
import { dayPiece } from './time-pieces.ts';

/** Reading an entry by itself costs about ten times as much as adding it up within SQLite. */
const RAW_COST = 10;
const FEW_RAW = 20_000;
const DAY_MS = 24 * 60 * 60 * 1000;

/** Returns whether a report of this filter reads only entries: few of them, or those of a conversation. */
export function needsEntries(store: Store, filter: EntryFilter): boolean {
  if (store.ignoresRollups === true || filter.conversation !== undefined || filter.turn !== undefined) return true;
  return isAtMost(store, [rangeOf(filter)], fewEntriesOf(store));
}

/** Returns how many entries may be read by themselves before adding up all entries is faster. */
export function rawLimit({ sql }: Store): number {
  const rows = sql.first<{ rows: number | null }>('SELECT MAX(row) rows FROM entry')?.rows ?? 0;
  return Math.max(FEW_RAW, rows / RAW_COST);
}

export function readSums(store: Store, filter: EntryFilter): Sums {
  if (needsEntries(store, filter)) return entrySums(store, filter);
  const all = collect(store, { ...wantedOf(store, filter, []), rawLimit: rawLimit(store) });
  return all === undefined ? entrySums(store, filter) : cellSums(joined(all.map(({ cell }) => cell)).sums);
}

export function readReport(store: Store, filter: EntryFilter, options: ReportOptions): Report {
  if (needsEntries(store, filter)) return entryReport(store, filter, options);
  const { by, zone, withModels = false, withDays = true } = options;
  const isByTime = typeof by === 'function';
  const limit = isByTime ? Infinity : rawLimit(store);
  const days = isByTime || withDays ? collectDays(store, filter, { zone, withTimes: isByTime, limit }) : [];
  const all = isByTime ? (days ?? []) : collected(store, filter, [by]);
  const models = !withModels ? [] : by === 'model' ? all : collected(store, filter, ['model']);
  const groups = groupCells(
    all,
    isByTime ? ({ group }) => [by(group)] : ({ cell: { values } }) => groupsOf(store, values[0] || null, by),
  );
  // The groups are fewer, and their times are decoded. But an entry counts for each of its tags.
  const { sums, times } = joined(by === 'tag' ? all.map(({ cell }) => cell) : groups.values());
  return {
    total: cellSums(sums),
    days: !withDays ? [] : days === undefined ? entryDays(store, filter, zone) : dayCosts(days),
    models: models.map(({ cell }) => modelUseOf(store, cell)),
    groups: Array.from(groups, ([group, cell]) => ({ group, ...cellSums(cell.sums), times: timesOf(cell.times) })),
    times: timesOf(times),
    timesError: RELATIVE_ERROR,
  };
}

function rangeOf({ since = -Infinity, until = Infinity }: EntryFilter): Range {
  return { start: since, end: until };
}

/**
 * Returns the range of a filter. Where it has entries up to the first or last of all, it is extended to whole spans of this level, so that their
 * rollups cover it.
 */
export function spannedRange(store: Store, filter: EntryFilter, level: number): Range {
  const { start, end } = rangeOf(filter);
  const grid = readState(store) ?? { phase: 0 };
  const momentOf = (which: 'MIN' | 'MAX'): number =>
    store.sql.first<{ at: number | null }>(`SELECT ${which}(opened_at) at FROM entry INDEXED BY entry_time`)?.at ?? 0;
  const [first, last] = [momentOf('MIN'), momentOf('MAX')];
  return {
    start: start > first ? start : spanStart(grid, level, first),
    end: end <= last ? end : spanStart(grid, level, last) + LENGTHS[level]!,
  };
}

function wantedOf(store: Store, filter: EntryFilter, by: readonly RollupDimension[]): Wanted {
  const level = readState(store) === undefined ? undefined : TOP;
  return { filter, ranges: [spannedRange(store, filter, TOP)], by, level, withTimes: false, rawLimit: Infinity };
}

function collected(store: Store, filter: EntryFilter, by: readonly RollupDimension[]): Collected[] {
  return collect(store, { ...wantedOf(store, filter, by), withTimes: true }) ?? [];
}

function collectDays(
  store: Store,
  filter: EntryFilter,
  { zone, withTimes, limit }: { zone: readonly ZoneShift[]; withTimes: boolean; limit: number },
): Collected[] | undefined {
  const grid = readState(store);
  const wanted = { ...wantedOf(store, filter, []), withTimes, rawLimit: limit };
  const all: Collected[] = [];
  for (const { range, offsetMs } of zoneRanges(spannedRange(store, filter, 1), zone)) {
    const level = grid === undefined ? undefined : levelWithinDays(grid, offsetMs);
    const dayOf = (moment: number): number => Math.floor((moment + offsetMs) / DAY_MS);
    const days = collect(store, {
      ...wanted,
      ranges: level === undefined ? dayRanges(range, zone) : [range],
      level: grid === undefined ? undefined : (level ?? 0),
      groupOf: dayOf,
      rawLimit: limit,
    });
    if (days === undefined) return undefined;
    all.push(...days);
  }
  return all;
}

/** Splits a range where the offset of the zone changes. */
function zoneRanges(whole: Range, zone: readonly ZoneShift[]): { range: Range; offsetMs: number }[] {
  return zone
    .map(({ from, offsetMs }, index) => ({
      range: {
        start: Math.max(whole.start, index === 0 ? -Infinity : Math.ceil(from)),
        end: Math.min(whole.end, Math.ceil(zone[index + 1]?.from ?? Infinity)),
      },
      offsetMs: Math.round(offsetMs),
    }))
    .filter(({ range }) => range.start < range.end);
}

/** Splits a range at each local midnight, for zones whose midnights are within a span. */
function dayRanges(whole: Range, zone: readonly ZoneShift[]): Range[] {
  const ranges: Range[] = [];
  for (let at = whole.start; at < whole.end;) {
    const end = Math.min(whole.end, dayPiece(at, zone).end);
    ranges.push({ start: at, end });
    at = end;
  }
  return ranges;
}

/** A day may have several parts if its clocks change. */
function dayCosts(days: readonly Collected[]): DayCost[] {
  const cells = new Cells<number>();
  for (const { group, cell } of days) cells.add(group, { ...cell, times: undefined });
  return [...cells.entries()]
    .map(([day, { sums }]): DayCost => ({ day, requests: sums[SUM.requests]!, cost: amountAt(sums, SUM.usd) }))
    .toSorted((one, other) => one.day - other.day);
}

/** Adds up the cells of each group, and decodes their times. */
function groupCells(all: readonly Collected[], namesOf: (one: Collected) => readonly string[]): Map<string, RollupCell> {
  const cells = new Cells<string>();
  for (const one of all) for (const name of namesOf(one)) cells.add(name, one.cell);
  const groups = new Map<string, RollupCell>();
  for (const [name, cell] of cells.entries()) groups.set(name, { ...cell, times: bucketsOf(cell.times) });
  return groups;
}

function modelUseOf(store: Store, { values, sums, times }: RollupCell): ModelUse {
  return {
    group: labelOf(store, values[0] || null),
    requests: sums[SUM.requests]!,
    complete: sums[SUM.complete]!,
    failed: failedIn(sums),
    cost: amountAt(sums, SUM.usd),
    times: timesOf(times),
  };
}

function joined(all: Iterable<RollupCell>): RollupCell {
  const cells = new Cells<number>();
  for (const cell of all) cells.add(0, cell);
  const [sum] = cells.entries();
  return sum?.[1] ?? { values: [], sums: emptySums(), times: undefined };
}

function timesOf(times: Times | undefined): TimeDistributions {
  const buckets = bucketsOf(times);
  const [durationMs, timeToFirstTokenMs, throughput] = [0, 1, 2].map((kind) => distributionOf(buckets[kind] ?? []));
  return { durationMs: durationMs!, timeToFirstTokenMs: timeToFirstTokenMs!, throughput: throughput! };
}

// Runs for each day of a report, so without functions for each number.
function distributionOf(buckets: Buckets): Distribution {
  const values: number[] = [];
  const counts: number[] = [];
  for (let index = 0; index < buckets.length; index += 2) {
    values.push(bucketValue(buckets[index]!));
    counts.push(buckets[index + 1]!);
  }
  return { values, counts };
}
