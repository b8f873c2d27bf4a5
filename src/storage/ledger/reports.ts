import { conditionsOf } from './entry-filter.ts';
import type { EntryFilter, PastWorkload, Report, ReportDimension, SpeedSample, Sums, ZoneShift } from './ledger.ts';
import { costOf, localDay, SUMS, sumsOf, type SumsRow } from './report-sql.ts';
import type { Store } from './store.ts';

const MOST_SAMPLES = 50_000;

export function readSums(store: Store, filter: EntryFilter): Sums {
  const { where, values, isOfConversation } = conditionsOf(store, filter);
  const [row] = store.sql.allExact<SumsRow>(`SELECT ${SUMS} FROM ${from(isOfConversation)} WHERE ${where}`, values);
  if (row === undefined) throw new Error('a sum without a row');
  return sumsOf(row);
}

export function readReport(
  store: Store,
  filter: EntryFilter,
  { by, zone }: { by: ReportDimension | undefined; zone: readonly ZoneShift[] },
): Report {
  const { where, values, isOfConversation } = conditionsOf(store, filter);
  const group = by ?? 'NULL';
  const textOf = (id: bigint | number | null): string => (id === null ? '' : store.labels.text(Number(id)));
  const cells = store.sql
    .allExact<SumsRow & { day: bigint; name: bigint | null }>(
      `SELECT ${localDay(zone)} day, ${group} name, ${SUMS} FROM ${from(isOfConversation)} WHERE ${where}
       GROUP BY day, name ORDER BY day, name`,
      values,
    )
    .map((row) => ({ day: Number(row.day), group: textOf(row.name), ...sumsOf(row) }));
  const complete = cells.reduce((sum, cell) => sum + cell.complete, 0);
  const sampledEvery = Math.max(1, Math.ceil(complete / MOST_SAMPLES));
  return { cells, speeds: readSpeeds(store, filter, { group, sampledEvery, textOf }), sampledEvery };
}

function readSpeeds(
  store: Store,
  filter: EntryFilter,
  { group, sampledEvery, textOf }: { group: string; sampledEvery: number; textOf: (id: bigint | number | null) => string },
): SpeedSample[] {
  const { where, values, isOfConversation } = conditionsOf(store, filter, ['outcome = 0', `row % ${sampledEvery} = 0`]);
  return store.sql
    .all<{ name: number | null; first: number | null; duration: number | null; throughput: number | null }>(
      `SELECT ${group} name, time_to_first_token_ms first, duration_ms duration, throughput FROM ${from(isOfConversation)}
       WHERE ${where}`,
      values,
    )
    .map(({ name, first, duration, throughput }) => ({
      group: textOf(name),
      timeToFirstTokenMs: first ?? undefined,
      durationMs: duration ?? undefined,
      throughput: throughput ?? undefined,
    }));
}

export function readPastWorkloads(
  store: Store,
  filter: EntryFilter,
  { stretchMs, sizes }: { stretchMs: number; sizes: readonly number[] },
): PastWorkload[] {
  const { where, values, isOfConversation } = conditionsOf(store, filter, ['outcome IS NOT NULL']);
  const stretch = Math.max(1, Math.round(stretchMs));
  const tier = ['0', ...sizes.map((size) => `(COALESCE(prompt_tokens, 0) > ${Math.floor(size)})`)].join(' + ');
  return store.sql
    .allExact<SumsRow & { stretch: bigint; tier: bigint; name: bigint }>(
      `SELECT opened_at / ${stretch} stretch, ${tier} tier, model name, ${SUMS} FROM ${from(isOfConversation)} WHERE ${where}
       GROUP BY stretch, tier, name ORDER BY stretch, tier, name`,
      values,
    )
    .map((row) => {
      const sums = sumsOf(row);
      return {
        at: Number(row.stretch) * stretch,
        tier: Number(row.tier),
        model: store.labels.text(Number(row.name)),
        requests: sums.requests,
        promptTokens: sums.promptTokens,
        cachedTokens: sums.cachedTokens,
        cacheWriteTokens: sums.cacheWriteTokens,
        completionTokens: sums.completionTokens,
        reasoningTokens: sums.reasoningTokens,
        cost: costOf(row),
      };
    });
}

// Every report is read from an index that has all it needs: the table itself is far larger.
function from(isOfConversation: boolean): string {
  return `entry INDEXED BY ${isOfConversation ? 'entry_conversation' : 'entry_report'}`;
}
