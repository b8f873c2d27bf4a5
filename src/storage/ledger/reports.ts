import { conditionsOf } from './entry-filter.ts';
import type { EntryFilter, PastWorkload, Report, ReportDimension, SpeedSample, Sums, ZoneShift } from './ledger.ts';
import { addRow, costOf, SUMS, sumsOf, type SumsRow } from './report-sql.ts';
import type { Store } from './store.ts';
import { dayPiece, stretchPiece, type Piece } from './time-pieces.ts';

const MOST_SAMPLES = 50_000;

export function readSums(store: Store, filter: EntryFilter): Sums {
  const { where, values, index } = conditionsOf(store, filter);
  const [row] = store.sql.allExact<SumsRow>(`SELECT ${SUMS} FROM entry INDEXED BY ${index} WHERE ${where}`, values);
  if (row === undefined) throw new Error('a sum without a row');
  return sumsOf(row);
}

export function readReport(
  store: Store,
  filter: EntryFilter,
  { by, zone }: { by: ReportDimension | undefined; zone: readonly ZoneShift[] },
): Report {
  const rows = new Map<string, SumsRow & { day: number; name: bigint | null }>();
  for (const piece of piecesOf(store, filter, (at) => dayPiece(at, zone))) {
    const parts = readPiece<{ name: bigint | null }>(store, filter, piece, { groups: { name: by ?? 'NULL' } });
    for (const part of parts) {
      const key = `${piece.key} ${part.name}`;
      const known = rows.get(key);
      if (known === undefined) rows.set(key, { ...part, day: piece.key });
      else addRow(known, part);
    }
  }
  const cells = [...rows.values()].map((row) => ({ day: row.day, group: labelOf(store, row.name), ...sumsOf(row) }));
  const complete = cells.reduce((sum, cell) => sum + cell.complete, 0);
  const sampledEvery = Math.max(1, Math.ceil(complete / MOST_SAMPLES));
  return {
    cells: cells.toSorted((one, other) => one.day - other.day),
    speeds: readSpeeds(store, filter, { by, sampledEvery }),
    sampledEvery,
  };
}

export function readPastWorkloads(
  store: Store,
  filter: EntryFilter,
  { stretchMs, sizes }: { stretchMs: number; sizes: readonly number[] },
): PastWorkload[] {
  const tier = ['0', ...sizes.map((size) => `(COALESCE(prompt_tokens, 0) > ${Math.floor(size)})`)].join(' + ');
  return [...piecesOf(store, filter, (at) => stretchPiece(at, stretchMs))].flatMap((piece) =>
    readPiece<{ tier: bigint; name: bigint }>(store, filter, piece, { groups: { tier, name: 'model' }, isSettled: true }).map(
      (row) => {
        const sums = sumsOf(row);
        return {
          at: piece.key,
          tier: Number(row.tier),
          model: labelOf(store, row.name),
          requests: sums.requests,
          promptTokens: sums.promptTokens,
          cachedTokens: sums.cachedTokens,
          cacheWriteTokens: sums.cacheWriteTokens,
          completionTokens: sums.completionTokens,
          reasoningTokens: sums.reasoningTokens,
          cost: costOf(row),
        };
      },
    ),
  );
}

// Every n-th complete request, by its row: the same ones each time, and spread evenly over time.
function readSpeeds(
  store: Store,
  filter: EntryFilter,
  { by, sampledEvery }: { by: ReportDimension | undefined; sampledEvery: number },
): SpeedSample[] {
  const isSampled = sampledEvery === 1 ? [] : [`row % ${sampledEvery} = 0`];
  const { where, values, index } = conditionsOf(store, filter, ['outcome = 0', ...isSampled]);
  return store.sql
    .all<{ at: number; name: number | null; first: number | null; duration: number | null; throughput: number | null }>(
      `SELECT opened_at at, ${by ?? 'NULL'} name, time_to_first_token_ms first, duration_ms duration, throughput
       FROM entry INDEXED BY ${index} WHERE ${where}`,
      values,
    )
    .map(({ at, name, first, duration, throughput }) => ({
      at,
      group: labelOf(store, name),
      timeToFirstTokenMs: first ?? undefined,
      durationMs: duration ?? undefined,
      throughput: throughput ?? undefined,
    }));
}

/**
 * The pieces of time that have entries, in order. Adding up a day at a time, from an index in order of time, leaves SQLite only few entries
 * to sort at once: at a million entries half the time of sorting them all by day.
 */
function* piecesOf(store: Store, filter: EntryFilter, pieceAt: (at: number) => Piece): Generator<Piece> {
  const { since = -Infinity, until = Infinity, conversation } = filter;
  // A conversation is short, and only its own index finds where it is.
  const { where, values, index } = conditionsOf(store, conversation === undefined ? {} : { conversation }, ['opened_at >= ?']);
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

function readPiece<Groups>(
  store: Store,
  filter: EntryFilter,
  { start, end }: Piece,
  { groups, isSettled = false }: { groups: Readonly<Record<string, string>>; isSettled?: boolean },
): (SumsRow & Groups)[] {
  const { where, values, index } = conditionsOf(
    store,
    { ...filter, since: start, until: end },
    isSettled ? ['outcome IS NOT NULL'] : [],
  );
  const names = Object.keys(groups).join(', ');
  const columns = Object.entries(groups).map(([name, expression]) => `${expression} ${name}`);
  return store.sql.allExact<SumsRow & Groups>(
    `SELECT ${columns.join(', ')}, ${SUMS} FROM entry INDEXED BY ${index} WHERE ${where} GROUP BY ${names} ORDER BY ${names}`,
    values,
  );
}

function labelOf({ labels }: Store, id: bigint | number | null): string {
  return id === null ? '' : labels.text(Number(id));
}
