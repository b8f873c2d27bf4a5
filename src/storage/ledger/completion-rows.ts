import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openReadOnly } from '../database.ts';
import { LEDGER_MIGRATIONS } from './ledger-migrations.ts';
import { readBudgets } from './budget-rows.ts';
import type { Budget } from './ledger.ts';
import type { LedgerPlace } from './open-ledger.ts';
import { Sql } from '../sql.ts';

const MOST_CONVERSATIONS = 100;

/**
 * What a key press may want of the ledger: its budgets, and the ids of the latest conversations, newest first. The file is only read: never
 * made, mended or brought to another layout. Undefined when it cannot be.
 */
export function readCompletionRows({ folder, name }: LedgerPlace): { budgets: Budget[]; conversations: string[] } | undefined {
  const path = join(folder, `${name}.db`);
  const database = existsSync(path) ? openReadOnly(path, LEDGER_MIGRATIONS) : undefined;
  if (database === undefined) return undefined;
  try {
    const sql = new Sql(database);
    const rows = sql.all<{ conversation: string }>(
      `SELECT conversation FROM (SELECT conversation, opened_at FROM entry ORDER BY opened_at DESC LIMIT ${MOST_CONVERSATIONS * 10})
       GROUP BY conversation ORDER BY max(opened_at) DESC LIMIT ${MOST_CONVERSATIONS}`,
    );
    return { budgets: readBudgets(sql), conversations: rows.map(({ conversation }) => conversation) };
  } finally {
    database.close();
  }
}
