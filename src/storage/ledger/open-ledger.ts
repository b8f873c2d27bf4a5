import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OrxError } from '../../errors.ts';
import { openDatabase, openReadOnly, type Database } from '../database.ts';
import { createLedger } from './create-ledger.ts';
import { isDamage, ledgerError } from './ledger-errors.ts';
import { LEDGER_MIGRATIONS } from './ledger-migrations.ts';
import type { Ledger } from './ledger.ts';
import { thisProcess, type Owner } from './owner.ts';

export interface LedgerPlace {
  /** Folder of the data: storage/paths.ts. */
  folder: string;
  /** `ledger`, or `ledger-sandbox` for simulated money. */
  name: string;
  /** Whose the entries are that it opens. Default: this process. */
  owner?: Owner;
}

/**
 * Opens the ledger, makes it, or brings an old one to the newest layout. A damaged file is set aside, and what can be read of it is taken
 * over. One that cannot be written is opened for reading: only what writes throws. Throws OrxError: code `database-newer` for one of a newer
 * orx, `ledger-unwritable` when there is none to read either.
 */
export async function openLedger({ folder, name, owner = thisProcess() }: LedgerPlace): Promise<Ledger> {
  const path = join(folder, `${name}.db`);
  const mark = `${path}.damaged`;
  const notices: string[] = [];
  const parts = {
    path,
    owner,
    notices,
    reopen: () => openSound(path),
    // Damage deep inside shows only when it is read: the next one to open the ledger looks at all of it.
    onError: (error: unknown) => void (isDamage(error) && leaveMark(mark)),
  };
  const isLost = hasLostItsBeginning(path);
  try {
    if (!existsSync(mark) && !isLost) return createLedger({ ...parts, database: openSound(path) });
  } catch (error) {
    if (error instanceof OrxError) throw error;
    if (!isDamage(error)) return openForReading(error);
  }
  try {
    const { mendLedger } = await import('./mend-ledger.ts');
    const notice = await mendLedger({ path, mark, owner, hasLostItsBeginning: isLost, open: () => openSound(path) });
    if (notice !== undefined) notices.push(notice);
    return createLedger({ ...parts, database: openSound(path) });
  } catch (error) {
    throw ledgerError(error, { path, doing: 'write' });
  }

  function openForReading(reason: unknown): Ledger {
    const error = ledgerError(reason, { path, doing: 'write' });
    const readOnlyBecause = reason instanceof Error ? reason.message : String(reason);
    const database = openReadOnly(path, LEDGER_MIGRATIONS);
    if (database === undefined) throw error;
    notices.push(error instanceof Error ? error.message : String(error));
    return createLedger({ ...parts, database, readOnlyBecause });
  }
}

/** Opens it, and reads a little of every table, so that most damage shows at once. */
function openSound(path: string): Database {
  const database = openDatabase({ path, migrations: LEDGER_MIGRATIONS });
  try {
    for (const table of ['label', 'entry', 'lease', 'budget', 'budget_total']) {
      database.prepare(`SELECT * FROM ${table} ORDER BY rowid DESC LIMIT 1`).get();
    }
    database.prepare('SELECT row FROM entry INDEXED BY entry_time ORDER BY opened_at DESC LIMIT 1').get();
    return database;
  } catch (error) {
    database.close();
    // A table that is not there any more is damage, too.
    if (error instanceof Error && 'code' in error && error.code === 'SQLITE_ERROR') error.code = 'SQLITE_CORRUPT';
    throw error;
  }
}

// SQLite takes an empty file for a new database, and throws its log away.
function hasLostItsBeginning(path: string): boolean {
  const size = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  return existsSync(path) && size(path) === 0 && size(`${path}-wal`) > 0;
}

function leaveMark(mark: string): void {
  try {
    writeFileSync(mark, '', { mode: 0o600 });
  } catch {
    // Then whoever reads that place again finds the damage again.
  }
}
