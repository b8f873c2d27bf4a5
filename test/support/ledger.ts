import { onTestFinished } from 'vitest';
import type { Ledger } from '../../src/storage/ledger/ledger.ts';
import { openLedger } from '../../src/storage/ledger/open-ledger.ts';
import type { Owner } from '../../src/storage/files/owner.ts';
import { tempFolder } from './temp-home.ts';

/** Opens a ledger in a new folder (or the given one) and closes it at the end of the test. */
export async function testLedger({ folder = tempFolder(), owner }: { folder?: string; owner?: Owner } = {}): Promise<Ledger> {
  const ledger = await openLedger({ folder, name: 'ledger', ...(owner !== undefined && { owner }) });
  onTestFinished(() => ledger.close());
  return ledger;
}

/** Returns another process of this machine, which may or may not be running. */
export function ownerOf(pid: number, running: (pid: number) => boolean = () => true, host = 'here'): Owner {
  return { pid, host, isRunning: running };
}
