import { readForKeyPress } from '../read-for-key-press.ts';
import { LEDGER_MIGRATIONS } from './migrations.ts';
import { readBudgets } from './budgets/rows.ts';
import type { Budget } from './budgets/budget.ts';
import { texts } from '../sqlite/stored-text.ts';
import type { LedgerPlace } from './open-ledger.ts';

const MOST_CONVERSATIONS = 100;

/** Returns the budgets, for completion. */
export function readBudgetRows(place: LedgerPlace): Budget[] {
  return readForKeyPress(place, LEDGER_MIGRATIONS, readBudgets) ?? [];
}

/** Returns the ids of the latest conversations in the ledger, newest first, for completion. */
export function readRecordedIds(place: LedgerPlace): string[] {
  const rows = readForKeyPress(place, LEDGER_MIGRATIONS, (sql) =>
    sql.all<{ conversation: string }>(
      `SELECT ${texts('conversation')} FROM (SELECT conversation, opened_at FROM entry ORDER BY opened_at DESC LIMIT ${MOST_CONVERSATIONS * 10})
       GROUP BY conversation ORDER BY max(opened_at) DESC LIMIT ${MOST_CONVERSATIONS}`,
    ),
  );
  return (rows ?? []).map(({ conversation }) => conversation);
}
