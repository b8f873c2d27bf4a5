import { onTestFinished } from 'vitest';
import type { Ledger } from '../../src/storage/ledger/ledger.ts';
import { openLedger } from '../../src/storage/ledger/open-ledger.ts';
import type { Owner } from '../../src/storage/files/owner.ts';
import { tempFolder } from './temp-home.ts';

/** A ledger in a folder of its own (or the given one), closed when the test is over. */
export async function testLedger({ folder = tempFolder(), owner }: { folder?: string; owner?: Owner } = {}): Promise<Ledger> {
  const ledger = await openLedger({ folder, name: 'ledger', ...(owner !== undefined && { owner }) });
  onTestFinished(() => ledger.close());
  return ledger;
}

/** Another process of this machine, which runs or not. */
export function ownerOf(pid: number, running: (pid: number) => boolean = () => true, host = 'here'): Owner {
  return { pid, host, isRunning: running };
}
