import { keepTotals } from './budgets/totals.ts';
import type { Store } from './store.ts';

/** Deletes settled entries opened before this moment. What they spent stays spent in the budgets' running totals. */
export function pruneEntries(store: Store, before: number): number {
  const { sql } = store;
  let deleted = 0;
  keepTotals(store, () => {
    sql.run('DELETE FROM lease WHERE entry IN (SELECT row FROM entry WHERE opened_at < ? AND outcome IS NOT NULL)', [before]);
    deleted = sql.run('DELETE FROM entry WHERE opened_at < ? AND outcome IS NOT NULL', [before]);
  });
  return deleted;
}
