import { statSync } from 'node:fs';
import { wrongTotals } from './budgets/totals.ts';
import { paidUnits, toParts } from './cost-units.ts';
import { LEDGER_MIGRATIONS } from './migrations.ts';
import type { LedgerCheck } from './ledger.ts';
import { Labels } from './labels.ts';
import type { Owner } from '../files/owner.ts';
import type { Sql, SqlValue } from '../sqlite/sql.ts';
import type { Store } from './store.ts';
import { texts } from '../sqlite/stored-text.ts';

const MOST_NAMED = 20;

/** Reads everything, and returns the contradictions. `isRead`: the pages of the file have just been checked. */
export function checkLedger(store: Store, path: string, isRead: boolean): Omit<LedgerCheck, 'repaired'> {
  const { sql } = store;
  const count = (what: string, values: SqlValue[] = []): number =>
    sql.first<{ n: number }>(`SELECT COUNT(*) n FROM ${what}`, values)?.n ?? 0;
  const withoutLease = count('entry WHERE outcome IS NULL AND row NOT IN (SELECT entry FROM lease)');
  const leftOver = count('lease LEFT JOIN entry ON entry.row = lease.entry WHERE is_kept = 0 AND outcome IS NOT NULL');
  const ofNothing = count('lease WHERE entry NOT IN (SELECT row FROM entry)');
  return {
    entries: count('entry'),
    open: count('entry WHERE outcome IS NULL'),
    unbilled: count('entry WHERE outcome IS NOT NULL AND cost_source < 2'),
    reservations: count('lease WHERE amount IS NOT NULL'),
    bytes: sizeOf(path) + sizeOf(`${path}-wal`),
    problems: [
      ...(isRead ? [] : sql.wrongWith(LEDGER_MIGRATIONS)),
      ...(withoutLease > 0 ? [`${withoutLease} open entries have no lease`] : []),
      ...(leftOver > 0 ? [`${leftOver} settled entries still hold a lease`] : []),
      ...(ofNothing > 0 ? [`${ofNothing} leases belong to no entry`] : []),
      ...contradictionsIn(store),
    ],
  };
}

/** Returns contradictions in data whose pages are all readable, one line each. */
export function contradictions(sql: Sql, owner: Owner): string[] {
  return contradictionsIn({ sql, labels: new Labels(sql), owner });
}

function contradictionsIn(store: Store): string[] {
  return [...wrongTotals(store), ...wrongCosts(store)];
}

interface CostRow {
  id: string;
  cost: string | null;
  upstream_cost: string | null;
  cost_nano: number;
  cost_rest: number;
}

// Sums use numbers, entries show a text: both must be equal. SQLite first selects rows that may differ, which takes a tenth of the time of
// comparing each exactly.
function wrongCosts({ sql }: Store): string[] {
  return sql
    .all<CostRow>(
      `SELECT cost_nano, cost_rest, ${texts('id', 'cost', 'upstream_cost')} FROM entry NOT INDEXED
       WHERE abs(COALESCE(CAST(cost AS REAL), 0) + COALESCE(CAST(upstream_cost AS REAL), 0) - cost_nano * 1e-9 - cost_rest * 1e-18)
         > 1e-18 + abs(cost_nano) * 1e-21`,
    )
    .filter(({ cost, upstream_cost: upstream, cost_nano: nano, cost_rest: rest }) => {
      const parts = toParts(paidUnits({ cost: cost ?? undefined, upstreamCost: upstream ?? undefined }));
      return parts.nano !== BigInt(nano) || parts.rest !== BigInt(rest);
    })
    .slice(0, MOST_NAMED)
    .map(({ id }) => `the cost of ${id} is not what is added up for it`);
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
