import { join } from 'node:path';
import Libsql from 'libsql';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { OpenedEntries } from '../../../../src/storage/ledger/writer/sent-entries.ts';
import type { Ledger } from '../../../../src/storage/ledger/ledger.ts';
import { type LedgerWriter, openLedgerWriter } from '../../../../src/storage/ledger/writer/ledger-writer.ts';
import { testLedger } from '../../../support/ledger.ts';
import { entryOf, holdOf, resultOf } from '../../../support/ledger-entries.ts';
import { tempFolder } from '../../../support/temp-home.ts';

const BUILT = new URL('../../../../dist/ledger-worker.js', import.meta.url);
const NO_FILE: OpenedEntries = { note: () => undefined, forget: () => undefined, close: () => undefined };
const DYING = new URL('../../../support/dying-ledger-thread.js', import.meta.url);

async function open(worker = BUILT): Promise<{ folder: string; ledger: Ledger; writer: LedgerWriter; problems: unknown[] }> {
  const folder = tempFolder();
  const ledger = await testLedger({ folder });
  const problems: unknown[] = [];
  const writer = await openLedgerWriter({
    folder,
    name: 'ledger',
    worker,
    ledger,
    opened: NO_FILE,
    onProblem: (error) => problems.push(error),
  });
  onTestFinished(() => writer.close());
  return { folder, ledger, writer, problems };
}

describe('the thread that writes the ledger', () => {
  test('has written everything when it is closed', async () => {
    const { ledger, writer, problems } = await open();
    for (let index = 0; index < 1000; index += 1) {
      expect(writer.open(entryOf(`e${index}`))).toEqual({ kind: 'opened' });
      writer.noteGeneration(`e${index}`, `gen-${index}`);
      writer.settle(`e${index}`, resultOf('0.001'));
    }
    await writer.close();
    expect(ledger.sums({})).toMatchObject({ requests: 1000, cost: '1' });
    expect([...ledger.entries({})].every(({ state, generationId }) => state === 'settled' && generationId !== undefined)).toBe(
      true,
    );
    expect(problems).toEqual([]);
  });

  test('reserves money for as many as fit, however many ask at once', async () => {
    const { ledger, writer } = await open();
    ledger.setBudget({ period: 'day', limit: '1', warnAt: 0.8 });
    const opened = await Promise.all(Array.from({ length: 50 }, (_, index) => writer.open(entryOf(`e${index}`), holdOf('0.1'))));
    expect(opened.filter(({ kind }) => kind === 'opened')).toHaveLength(10);
    expect(await writer.renew('e0', holdOf('0.5').reservation, holdOf('0.5').scope)).toMatchObject([{ budget: { limit: '1' } }]);
    expect(await writer.renew('e0', holdOf('0.05').reservation, holdOf('0.05').scope)).toBeUndefined();
  });

  test('waits for another program that holds the ledger, while everything else continues', async () => {
    const { folder, ledger, writer, problems } = await open();
    const other = new Libsql(join(folder, 'ledger.db'));
    other.exec('BEGIN IMMEDIATE');
    writer.open(entryOf('a'));
    const reserved = writer.open(entryOf('b'), holdOf('0.1')) as Promise<unknown>;
    let isReserved = false;
    void reserved.then(() => (isReserved = true));
    writer.settle('a', resultOf('0.2'));
    // This thread continues: anything that had blocked it would have ended before.
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(isReserved).toBe(false);
    expect([...ledger.entries({})]).toEqual([]);
    other.exec('COMMIT');
    other.close();
    await reserved;
    await writer.close();
    expect(ledger.sums({})).toMatchObject({ requests: 2, cost: '0.2' });
    expect(problems).toEqual([]);
  });

  test('that ends early loses nothing: the remaining jobs are written here', async () => {
    const { ledger, writer } = await open(DYING);
    writer.open(entryOf('a'));
    const reserved = writer.open(entryOf('b'), holdOf('0.1'));
    writer.settle('a', resultOf('0.2'));
    expect(await reserved).toEqual({ kind: 'opened' });
    writer.settle('b', resultOf('0.3'));
    expect(ledger.sums({})).toMatchObject({ requests: 2, cost: '0.5' });
  });

  test('reports why it cannot open the ledger', async () => {
    const folder = tempFolder();
    const ledger = await testLedger({ folder });
    await expect(
      openLedgerWriter({
        folder: join(folder, 'ledger.db'),
        name: 'ledger',
        worker: BUILT,
        ledger,
        opened: NO_FILE,
        onProblem: () => undefined,
      }),
    ).rejects.toThrow(/ledger/);
  });
});
