import type { Store } from '../store.ts';
import type { Range } from './grid.ts';

/** Returns whether the ranges contain at most this many entries. */
export function isAtMost({ sql }: Store, ranges: readonly Range[], limit: number): boolean {
  if (limit === Infinity) return true;
  let left = Math.floor(limit);
  for (const { start, end } of ranges) {
    if (left < 0) return false;
    const [row] = sql.all<{ count: number }>(
      `SELECT COUNT(*) count FROM (SELECT 1 FROM entry INDEXED BY entry_time WHERE opened_at >= ? AND opened_at < ? LIMIT ${left + 1})`,
      [start, end],
    );
    left -= row?.count ?? 0;
  }
  return left >= 0;
}
