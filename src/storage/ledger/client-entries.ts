import { ENTRY_COLUMNS, entryOf, type EntryRow } from './entry-row.ts';
import type { LedgerEntry } from './entry.ts';
import { fromParts, unitsText } from './cost-units.ts';
import { clean } from '../sqlite/clean-text.ts';
import type { Store } from './store.ts';

// All run while the gateway answers: they use an index that contains only entries of client keys, or read a few of the latest entries.

/** Answers to clients without a key have no index: this many of the latest entries are read. Reading them takes some milliseconds. */
const MOST_WITHOUT_KEY = 10_000;

/** Returns the amount in USD that a client key has spent since each of these moments. */
export function readClientSpending({ sql, labels }: Store, clientKey: string, since: readonly number[]): string[] {
  const client = labels.find(clientKey) ?? -1;
  return since.map((start) => {
    const [sum] = sql.allExact<{ nano: bigint | null; rest: bigint | null }>(
      `SELECT SUM(cost_nano) nano, SUM(cost_rest) rest FROM entry INDEXED BY entry_client
       WHERE client = ? AND client IS NOT NULL AND opened_at >= ?`,
      [client, Math.max(start, 0)],
    );
    return unitsText(fromParts(sum?.nano ?? 0n, sum?.rest ?? 0n));
  });
}

/** Returns whether a client key requested the answer with this generation id. */
export function isGenerationOf({ sql, labels }: Store, generationId: string, clientKey: string): boolean {
  const rows = sql.all(
    `SELECT 1 FROM entry INDEXED BY entry_generation
     WHERE generation_id = ? AND generation_id IS NOT NULL AND client = ? AND client IS NOT NULL LIMIT 1`,
    [clean(generationId), labels.find(clientKey) ?? -1],
  );
  return rows.length > 0;
}

/** Returns the latest answer of a gateway with this generation id that the client requested. */
export function readServedGeneration(
  { sql, labels }: Store,
  generationId: string,
  clientKey: string | undefined,
): LedgerEntry | undefined {
  const [index, owner] =
    clientKey === undefined
      ? [
          '',
          `row IN (SELECT row FROM entry INDEXED BY entry_time ORDER BY opened_at DESC LIMIT ${MOST_WITHOUT_KEY}) AND client IS NULL`,
        ]
      : ['INDEXED BY entry_generation', 'client = ? AND client IS NOT NULL'];
  const row = sql.first<EntryRow>(
    `SELECT ${ENTRY_COLUMNS} FROM entry ${index}
     WHERE generation_id = ? AND generation_id IS NOT NULL AND command = ? AND outcome IN (0, 1) AND ${owner}
     ORDER BY opened_at DESC LIMIT 1`,
    [clean(generationId), labels.find('serve') ?? -1, ...(clientKey === undefined ? [] : [labels.find(clientKey) ?? -1])],
  );
  return row === undefined ? undefined : entryOf(row, labels);
}
