import { describe, expect, onTestFinished, test } from 'vitest';
import type { Ledger } from '../../../../src/storage/ledger/ledger.ts';
import { groupedLedgerWriter } from '../../../../src/storage/ledger/writer/grouped-writer.ts';
import { OrxError } from '../../../../src/errors.ts';
import { testLedger } from '../../../support/ledger.ts';
import { entryOf, holdOf, resultOf } from '../../../support/ledger-entries.ts';

interface Opened {
  ledger: Ledger;
  writer: ReturnType<typeof groupedLedgerWriter>;
  problems: unknown[];
  /** Number of transactions. */
  transactions: () => number;
  refuse: (refused: boolean) => void;
}

async function open(): Promise<Opened> {
  const ledger = await testLedger();
  const problems: unknown[] = [];
  let [count, isRefused] = [0, false];
  const counted: Ledger = {
    ...ledger,
    together(work) {
      count += 1;
      if (isRefused) throw BUSY;
      return ledger.together(work);
    },
    open(...words) {
      if (isRefused) throw BUSY;
      return ledger.open(...words);
    },
    settle(...words) {
      if (isRefused) throw BUSY;
      ledger.settle(...words);
    },
  };
  const writer = groupedLedgerWriter({ ledger: counted, onProblem: (error) => problems.push(error) });
  onTestFinished(() => writer.close());
  return { ledger, writer, problems, transactions: () => count, refuse: (refused) => void (isRefused = refused) };
}

const BUSY = new OrxError('in use', { kind: 'unexpected', code: 'ledger-unwritable' });

describe('grouped writes of the ledger', () => {
  test('an entry is in the ledger before its request may be sent, and many share a transaction', async () => {
    const { ledger, writer, transactions } = await open();
    const entries = Array.from({ length: 30 }, (_, index) => writer.open(entryOf(`e${index}`)));
    expect(ledger.sums({}).requests).toBe(0);
    await Promise.all(entries);
    expect(ledger.sums({}).requests).toBe(30);
    expect(transactions()).toBe(1);
    for (let index = 0; index < 30; index += 1) {
      writer.noteGeneration(`e${index}`, `gen-${index}`);
      writer.settle(`e${index}`, { ...resultOf('0.001'), generationId: `gen-${index}` });
    }
    await writer.close();
    expect(transactions()).toBe(2);
    expect(ledger.sums({})).toMatchObject({ requests: 30, cost: '0.03' });
    expect([...ledger.entries({})].every(({ generationId }) => generationId?.startsWith('gen-'))).toBe(true);
  });

  test('the generation id of a request that is still running is stored', async () => {
    const { ledger, writer } = await open();
    await writer.open(entryOf('a'));
    writer.noteGeneration('a', 'gen-a');
    await writer.close();
    expect([...ledger.entries({})]).toMatchObject([{ id: 'a', state: 'open', generationId: 'gen-a' }]);
  });

  test('reserves money for as many as fit', async () => {
    const { ledger, writer } = await open();
    ledger.setBudget({ period: 'day', limit: '1', warnAt: 0.8 });
    const opened = await Promise.all(Array.from({ length: 50 }, (_, index) => writer.open(entryOf(`e${index}`), holdOf('0.1'))));
    expect(opened.filter(({ kind }) => kind === 'opened')).toHaveLength(10);
    expect(await writer.renew('e0', holdOf('0.5').reservation, holdOf('0.5').scope)).toMatchObject([{ budget: { limit: '1' } }]);
  });

  test('what the disk does not take is written later; an entry that waits for it fails', async () => {
    const { ledger, writer, problems, refuse } = await open();
    await writer.open(entryOf('a'));
    refuse(true);
    writer.settle('a', resultOf('0.2'));
    await expect(writer.open(entryOf('b'))).rejects.toThrow('in use');
    expect(problems).toMatchObject([{ message: 'in use' }]);
    refuse(false);
    await writer.close();
    expect(ledger.sums({})).toMatchObject({ requests: 1, cost: '0.2' });
  });
});
