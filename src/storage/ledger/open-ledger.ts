import type { Database } from '../database.ts';
import { thisProcess, type Owner } from '../owner.ts';
import type { Sql } from '../sql.ts';
import { openSturdy, type SturdyKind } from '../sturdy-database.ts';
import { storeBudget } from './budget-rows.ts';
import { createLedger } from './create-ledger.ts';
import { importEntries } from './import-entries.ts';
import { Labels } from './labels.ts';
import { LEDGER_MIGRATIONS } from './ledger-migrations.ts';
import type { Ledger } from './ledger.ts';
import { rescuedBudgets, rescuedEntries } from './rescue.ts';

export interface LedgerPlace {
  /** Folder of the data: storage/paths.ts. */
  folder: string;
  /** `ledger`, or `ledger-sandbox` for simulated money. */
  name: string;
  /** Whose the entries are that it opens. Default: this process. */
  owner?: Owner;
}

/** Opens the ledger as storage/sturdy-database.ts says; codes `ledger-unwritable` and `ledger-unreadable`. */
export async function openLedger({ folder, name, owner = thisProcess() }: LedgerPlace): Promise<Ledger> {
  const kind: SturdyKind = {
    name: { code: 'ledger', title: 'the ledger', isPlural: false, command: 'orx ledger check' },
    migrations: LEDGER_MIGRATIONS,
    probe,
    takeOver: (damaged, fresh) => takeOver(damaged, fresh, owner),
  };
  return createLedger(await openSturdy(folder, name, kind), owner);
}

function probe(database: Database): void {
  for (const table of ['label', 'entry', 'lease', 'budget', 'budget_total']) {
    database.prepare(`SELECT * FROM ${table} ORDER BY rowid DESC LIMIT 1`).get();
  }
  database.prepare('SELECT row FROM entry INDEXED BY entry_time ORDER BY opened_at DESC LIMIT 1').get();
}

function takeOver(damaged: Database, sql: Sql, owner: Owner): string {
  const { added } = importEntries({ sql, labels: new Labels(sql), owner }, rescuedEntries(damaged));
  const budgets = rescuedBudgets(damaged);
  for (const budget of budgets) storeBudget(sql, budget);
  return `${added} ${added === 1 ? 'entry' : 'entries'} and ${budgets.length} ${budgets.length === 1 ? 'budget' : 'budgets'}`;
}
