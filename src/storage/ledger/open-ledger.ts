import type { Ledger } from './ledger.ts';

export interface LedgerPlace {
  /** Folder of the data: storage/paths.ts. */
  folder: string;
  /** `ledger`, or `ledger-sandbox` for simulated money. */
  name: string;
}

/** Opens the ledger. */
export function openLedger({ folder, name }: LedgerPlace): Ledger {
  throw new Error(`no ledger yet at ${folder}/${name}`);
}
