import { entryConditions } from '../entry-filter.ts';
import type { EntryFilter } from '../entry.ts';
import type { Store } from '../store.ts';
import type { FallbackUse } from './report.ts';
import { costColumns, sumColumns, type SumRow } from './sql.ts';

const SUMMED = ['requests', 'nano', 'rest'] as const;

type Row = SumRow<(typeof SUMMED)[number]> & Record<'asked' | 'served', bigint> & { reason: bigint | null };

/** Returns the answers of other models and providers by their reason, the most frequent ones first. Failed attempts do not count. */
export function readFallbackUses(store: Store, filter: EntryFilter): FallbackUse[] {
  // The condition is that of the index, or SQLite would not use it.
  const { where, values } = entryConditions(store, filter, [
    '(fallback_from IS NOT NULL OR fallback_reason IS NOT NULL)',
    'outcome IN (0, 1)',
  ]);
  const label = (id: bigint): string => store.labels.text(Number(id));
  return store.sql
    .allExact<Row>(
      `SELECT COALESCE(fallback_from, requested_model) asked, model served, fallback_reason reason, ${sumColumns(SUMMED)}
       FROM entry INDEXED BY entry_fallback WHERE ${where} GROUP BY asked, served, reason ORDER BY requests DESC, MIN(opened_at)`,
      values,
    )
    .map((row) => ({
      requestedModel: label(row.asked),
      servedModel: label(row.served),
      fallbackReason: row.reason === null ? undefined : label(row.reason),
      requests: Number(row.requests),
      cost: costColumns(row),
    }));
}
