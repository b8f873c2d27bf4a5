import { fromParts, unitsText } from './cost-units.ts';
import { clean } from '../sqlite/clean-text.ts';
import type { Store } from './store.ts';

// Both run while the gateway answers: each has an index that contains only entries of client keys.

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
