import { join } from 'node:path';
import { openDatabase } from '../database.ts';
import { createLedger } from './create-ledger.ts';
import { ledgerError } from './ledger-errors.ts';
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

/** Opens the ledger. */
export async function openLedger({ folder, name, owner = thisProcess() }: LedgerPlace): Promise<Ledger> {
  const path = join(folder, `${name}.db`);
  try {
    const database = openDatabase({ path, migrations: LEDGER_MIGRATIONS });
    return createLedger({ database, path, notices: [], owner, onError: () => undefined });
  } catch (error) {
    throw ledgerError(error, { path, doing: 'write' });
  }
}
