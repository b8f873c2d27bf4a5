import type { Database } from '../sqlite/database.ts';
import { thisProcess, type Owner } from '../files/owner.ts';
import { openSturdy, type SturdyPlace } from '../sqlite/sturdy-database.ts';
import { type SturdyKind } from '../sqlite/sturdy-kind.ts';
import { budgetCopyPath } from './budgets/copy.ts';
import { contradictions } from './check.ts';
import { createLedger } from './create.ts';
import { LEDGER_DATABASE } from './database-name.ts';
import { LEDGER_MIGRATIONS } from './migrations.ts';
import { NEWEST_LEDGER } from './newest.ts';
import type { Ledger } from './ledger.ts';
import type { NotedBy } from './store.ts';
import { takeOverLedger } from './rescue.ts';

export interface LedgerPlace {
  /** The data folder: storage/paths.ts. */
  folder: string;
  /** `ledger`, or `ledger-sandbox` for simulated costs. */
  name: string;
  /** The owner of the entries that it opens. Default: this process. */
  owner?: Owner;
  /** Milliseconds since 1970. */
  now?: () => number;
  /** Reports over at most this many entries read each of them. Default: 10,000. */
  fewEntries?: number;
  /** Default: no process notes entries elsewhere. */
  notedBy?: NotedBy | undefined;
  /** Receives messages for the user that arise later than the opening. */
  onNotice?: (text: string) => void;
}

/**
 * Opens the ledger as described in storage/sqlite/sturdy-database.ts; codes `ledger-unwritable` and `ledger-unreadable`. `isThorough`: for a
 * command that shows the content of the ledger.
 */
export async function openLedger(
  { folder, name, owner = thisProcess(), now = Date.now, fewEntries, notedBy, onNotice }: LedgerPlace,
  { isThorough, logPages }: Pick<SturdyPlace, 'isThorough'> & { logPages?: number } = {},
): Promise<Ledger> {
  const kind: SturdyKind = {
    name: LEDGER_DATABASE,
    migrations: LEDGER_MIGRATIONS,
    newest: NEWEST_LEDGER,
    probe,
    contradictions: (sql) => contradictions(sql, owner),
    takeOver: (damaged, fresh) => takeOverLedger(damaged, fresh, owner),
  };
  const opened = await openSturdy({ folder, file: `${name}.db`, isThorough }, kind);
  return createLedger(opened, {
    owner,
    now,
    copyPath: budgetCopyPath({ folder, name }),
    logPages,
    fewEntries,
    notedBy,
    onNotice,
  });
}

function probe(database: Database): void {
  for (const table of ['label', 'entry', 'lease', 'budget', 'budget_total', 'rollup_state']) {
    database.prepare(`SELECT rowid FROM ${table} ORDER BY rowid DESC LIMIT 1`).get();
  }
  database.prepare('SELECT row FROM entry INDEXED BY entry_time ORDER BY opened_at DESC LIMIT 1').get();
}
