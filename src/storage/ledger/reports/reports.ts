import { entryConditions } from '../entry-filter.ts';
import type { EntryFilter } from '../entry.ts';
import type {
  DaySums,
  GroupSums,
  ModelUse,
  Report,
  ReportDimension,
  ReportOptions,
  SpeedSample,
  Sums,
  ZoneShift,
} from './report.ts';
import { tagsIn } from '../labeling.ts';
import { joinRows, readGroupedRows } from './read-pieces.ts';
import { costColumns, sumColumns, SUMS, sumsOf, type SumName, type SumRow } from './sql.ts';
import type { Store } from '../store.ts';
import { dayPiece, stretchPiece } from './time-pieces.ts';

/**
 * If there are more answers than this, only every n-th one provides times, so that about ENOUGH_SAMPLES remain: each has to be read from the
 * table, which is much larger than the index.
 */
const MOST_SAMPLES = 50_000;
const ENOUGH_SAMPLES = 25_000;
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

export function readSums(store: Store, filter: EntryFilter): Sums {
  const { where, values, index } = entryConditions(store, filter);
  const [row] = store.sql.allExact<Row>(`SELECT ${sumColumns(SUMS)} FROM entry INDEXED BY ${index} WHERE ${where}`, values);
  if (row === undefined) throw new Error('a sum without a row');
  return sumsOf(row);
}

export function readReport(store: Store, filter: EntryFilter, options: ReportOptions): Report {
  const { by, zone, withModels = false } = options;
  // Time needs no dimension: one query returns both the days and the models.
  const dimension = by ?? (withModels ? 'model' : undefined);
  const matches = dimension === undefined ? undefined : readGroups(store, filter, { dimension, zone });
  const days = joinRows(matches?.days ?? readDays(store, filter, zone), SUMS, ({ day }) => day)
    .map((row): DaySums => ({ day: row.day, ...sumsOf(row) }))
    .toSorted((one, other) => one.day - other.day);
  const rows = joinRows(matches?.groups ?? [], SUMS, ({ name }) => Number(name ?? -1));
  const groups = joinRows(namedRows(store, rows, by), SUMS, ({ group }) => group);
  const complete = days.reduce((sum, day) => sum + day.complete, 0);
  const sampledEvery = sampleStep(complete);
  const models = dimension === 'model' ? rows : withModels ? readModels(store, filter) : [];
  return {
    days,
    groups: groups.map((row): GroupSums => ({ group: row.group, ...sumsOf(row) })),
    models: withModels ? models.map((row) => modelUseOf(store, row)) : [],
    speeds: readSpeeds(store, filter, { by, sampledEvery }),
    sampledEvery,
  };
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

function modelUseOf(store: Store, row: ModelRow): ModelUse {
  return {
    group: labelOf(store, row.name),
    requests: Number(row.requests),
    complete: Number(row.complete),
    failed: Number(row.failed),
    cost: costColumns(row),
  };
}

/** Returns n: every n-th of this number of complete requests provides times. */
export function sampleStep(complete: number): number {
  return complete <= MOST_SAMPLES ? 1 : Math.ceil(complete / ENOUGH_SAMPLES);
}

// Reads every n-th complete request, by its row number: always the same ones, and evenly distributed over time.
function readSpeeds(
  store: Store,
  filter: EntryFilter,
  { by, sampledEvery }: { by: ReportDimension | undefined; sampledEvery: number },
): SpeedSample[] {
  const isSampled = sampledEvery === 1 ? [] : [`row % ${sampledEvery} = 0`];
  const { where, values, index } = entryConditions(store, filter, ['outcome = 0', ...isSampled]);
  interface Row {
    at: number;
    model: number;
    name: number | null;
    first: number | null;
    duration: number | null;
    throughput: number | null;
  }
  return store.sql
    .all<Row>(
      `SELECT opened_at at, model, ${by === undefined ? 'NULL' : COLUMN_OF[by]} name, time_to_first_token_ms first, duration_ms duration, throughput
       FROM entry INDEXED BY ${index} WHERE ${where}`,
      values,
    )
    .map(({ at, model, name, first, duration, throughput }) => ({
      at,
      model: labelOf(store, model),
      groups: by === undefined ? [] : groupsOf(store, name, by),
      timeToFirstTokenMs: first ?? undefined,
      durationMs: duration ?? undefined,
      throughput: throughput ?? undefined,
    }));
}

/** Returns the rows with the names of their groups: a row with several tags once for each of them. */
function namedRows(store: Store, rows: readonly GroupRow[], by: ReportDimension | undefined): (GroupRow & { group: string })[] {
  if (by === undefined) return [];
  return rows.flatMap((row) => groupsOf(store, row.name, by).map((group) => ({ ...row, group })));
}

function groupsOf(store: Store, id: bigint | number | null, by: ReportDimension): readonly string[] {
  const text = labelOf(store, id);
  return by === 'tag' ? (tagsIn(text) ?? ['']) : [text];
}

function labelOf({ labels }: Store, id: bigint | number | null): string {
  return id === null ? '' : labels.text(Number(id));
}
