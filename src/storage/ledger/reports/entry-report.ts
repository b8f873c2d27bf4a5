import { entryConditions } from '../entry-filter.ts';
import type { EntryFilter } from '../entry.ts';
import type { DayCost, GroupSums, ModelUse, Report, ReportDimension, ReportOptions, Sums, ZoneShift } from './report.ts';
import { tagsIn } from '../labeling.ts';
import { joinRows, readGroupedRows } from './read-pieces.ts';
import { costColumns, sumColumns, SUMS, sumsOf, type SumName, type SumRow } from './sql.ts';
import type { Store } from '../store.ts';
import { cellSums, emptySums } from '../rollups/tally.ts';
import { dayPiece, stretchPiece } from './time-pieces.ts';
import { TimeSamples } from './time-samples.ts';

const WEEK_MS = 7 * 24 * 60 * 60 * 1000;
/** If a day has more groups than this, days are read separately: otherwise there would be as many rows as entries. */
const FEW_GROUPS = 100;
const LONG_MS = 4 * WEEK_MS;
const OF_MODELS = ['requests', 'complete', 'failed', 'nano', 'rest'] as const satisfies readonly SumName[];

/** The column of each dimension. */
const COLUMN_OF: Readonly<Record<ReportDimension, string>> = {
  model: 'model',
  provider: 'provider',
  vendor: 'vendor',
  command: 'command',
  project: 'project',
  profile: 'profile',
  key: 'client',
  tag: 'tags',
};

type Row = SumRow<(typeof SUMS)[number]>;
type ModelRow = SumRow<(typeof OF_MODELS)[number]> & { name: bigint | null };
type DayRow = Row & { day: number };
type GroupRow = Row & { name: bigint | null };
type NamedRow = Row & { group: string };

/** Adds up the entries. */
export function entrySums(store: Store, filter: EntryFilter): Sums {
  const { where, values, index } = entryConditions(store, filter);
  const [row] = store.sql.allExact<Row>(`SELECT ${sumColumns(SUMS)} FROM entry INDEXED BY ${index} WHERE ${where}`, values);
  if (row === undefined) throw new Error('a sum without a row');
  return sumsOf(row);
}

/** Returns the cost of each local day, in order of time. */
export function entryDays(store: Store, filter: EntryFilter, zone: readonly ZoneShift[]): DayCost[] {
  return dayCosts(readDays(store, filter, zone));
}

/** Reports from the entries alone, with measured times: for ranges with few of them. */
export function entryReport(store: Store, filter: EntryFilter, options: ReportOptions): Report {
  const { by, zone, withModels = false, withDays = true } = options;
  // Time needs no dimension: one query returns both the days and the models.
  const dimension = typeof by !== 'function' ? by : withModels ? 'model' : undefined;
  const matches = dimension === undefined ? undefined : readGroups(store, filter, { dimension, zone });
  const days = matches?.days ?? readDays(store, filter, zone);
  const rows = joinRows(matches?.groups ?? [], SUMS, ({ name }) => Number(name ?? -1));
  const named: readonly NamedRow[] =
    typeof by === 'function' ? days.map((row) => ({ ...row, group: by(row.day) })) : namedRows(store, rows, by);
  const models = dimension === 'model' ? rows : withModels ? readModels(store, filter) : [];
  const samples = readSamples(store, filter, { by, zone });
  const [total] = joinRows(days, SUMS, () => 0);
  return {
    total: total === undefined ? cellSums(emptySums()) : sumsOf(total),
    days: withDays ? dayCosts(days) : [],
    groups: joinRows(named, SUMS, ({ group }) => group).map((row): GroupSums => ({
      group: row.group,
      ...sumsOf(row),
      times: samples.groups.of(row.group),
    })),
    models: withModels ? models.map((row) => modelUseOf(store, row, samples.models)) : [],
    times: samples.all.of(''),
    timesError: 0,
  };
}

function dayCosts(rows: readonly DayRow[]): DayCost[] {
  return joinRows(rows, SUMS, ({ day }) => day)
    .map((row): DayCost => ({ day: row.day, requests: Number(row.requests), cost: costColumns(row) }))
    .toSorted((one, other) => one.day - other.day);
}

function readDays(store: Store, filter: EntryFilter, zone: readonly ZoneShift[]): DayRow[] {
  const pieces = readGroupedRows(store, filter, { groups: {}, sums: SUMS }, (at) => dayPiece(at, zone));
  return [...pieces].flatMap(({ key, rows }) => rows.map((row) => ({ ...row, day: key })));
}

/** Reads parts of the sums of groups and days, in one query as long as a day has few groups. */
function readGroups(
  store: Store,
  filter: EntryFilter,
  { dimension, zone }: { dimension: ReportDimension; zone: readonly ZoneShift[] },
): { groups: GroupRow[]; days: DayRow[] } {
  const [groups, days]: [GroupRow[], DayRow[]] = [[], []];
  let areMany = false;
  const pieceAt = (at: number): ReturnType<typeof dayPiece> => {
    const day = dayPiece(at, zone);
    // Both ranges end at the end of a day, so that no entry is counted twice.
    return areMany ? { ...day, end: dayPiece(at + LONG_MS, zone).start } : day;
  };
  const query = { groups: { name: COLUMN_OF[dimension] }, sums: SUMS };
  for (const { key, start, end, rows } of readGroupedRows(store, filter, query, pieceAt)) {
    const named = rows.map((row) => ({ ...row, name: row['name'] ?? null }));
    groups.push(...named);
    days.push(
      ...(areMany ? readDays(store, { ...filter, since: start, until: end }, zone) : named.map((row) => ({ ...row, day: key }))),
    );
    areMany = rows.length > FEW_GROUPS;
  }
  return { groups, days };
}

function readModels(store: Store, filter: EntryFilter): ModelRow[] {
  const pieces = readGroupedRows(store, filter, { groups: { name: 'model' }, sums: OF_MODELS }, (at) =>
    stretchPiece(at, WEEK_MS),
  );
  const rows = [...pieces].flatMap((piece) => piece.rows.map((row) => ({ ...row, name: row['name'] ?? null })));
  return joinRows(rows, OF_MODELS, ({ name }) => Number(name));
}

function modelUseOf(store: Store, row: ModelRow, times: TimeSamples<string>): ModelUse {
  const group = labelOf(store, row.name);
  return {
    group,
    requests: Number(row.requests),
    complete: Number(row.complete),
    failed: Number(row.failed),
    cost: costColumns(row),
    times: times.of(group),
  };
}

function readSamples(
  store: Store,
  filter: EntryFilter,
  { by, zone }: Pick<ReportOptions, 'by' | 'zone'>,
): { all: TimeSamples<string>; groups: TimeSamples<string>; models: TimeSamples<string> } {
  const { where, values, index } = entryConditions(store, filter, ['outcome = 0']);
  interface Sample {
    at: number;
    model: number;
    name: number | null;
    first: number | null;
    duration: number | null;
    throughput: number | null;
  }
  const samples = {
    all: new TimeSamples<string>(),
    groups: new TimeSamples<string>(),
    models: new TimeSamples<string>(),
  };
  for (const { at, model, name, first, duration, throughput } of store.sql.all<Sample>(
    `SELECT opened_at at, model, ${typeof by === 'function' ? 'NULL' : COLUMN_OF[by]} name, time_to_first_token_ms first, duration_ms duration, throughput
     FROM entry INDEXED BY ${index} WHERE ${where}`,
    values,
  )) {
    const times = [duration, first, throughput] as const;
    samples.all.add('', times);
    samples.models.add(labelOf(store, model), times);
    if (typeof by === 'function') samples.groups.add(by(dayPiece(at, zone).key), times);
    else for (const group of groupsOf(store, name, by)) samples.groups.add(group, times);
  }
  return samples;
}

/** Returns the rows with the names of their groups: a row with several tags once for each of them. */
function namedRows(store: Store, rows: readonly GroupRow[], by: ReportDimension): NamedRow[] {
  return rows.flatMap((row) => groupsOf(store, row.name, by).map((group) => ({ ...row, group })));
}

/** Returns the names of the groups to which a label belongs. */
export function groupsOf(store: Store, id: bigint | number | null, by: ReportDimension): readonly string[] {
  const text = labelOf(store, id);
  return by === 'tag' ? (tagsIn(text) ?? ['']) : [text];
}

export function labelOf({ labels }: Store, id: bigint | number | null): string {
  return id === null ? '' : labels.text(Number(id));
}
