import { basename, dirname } from 'node:path';
import { openLedger } from '../../../../src/storage/ledger/open-ledger.ts';
import { describe, expect, test } from 'vitest';
import type { Ledger } from '../../../../src/storage/ledger/ledger.ts';
import { type LedgerJob, runJobs } from '../../../../src/storage/ledger/writer/jobs.ts';
import { OrxError } from '../../../../src/errors.ts';
import { testLedger } from '../../../support/ledger.ts';
import { entryOf, holdOf, resultOf } from '../../../support/ledger-entries.ts';

const ids = (ledger: Ledger): string[] => [...ledger.entries({})].map(({ id, state }) => `${id} ${state}`);
const BUSY = new OrxError('in use', { kind: 'unexpected', code: 'ledger-unwritable' });

/** Returns the same ledger, except that it refuses to open these entries. */
function refusing(ledger: Ledger, ...refused: string[]): Ledger {
  return {
    ...ledger,
    open(entry, hold) {
      if (refused.includes(entry.id)) throw BUSY;
      return ledger.open(entry, hold);
    },
    record(entry, result) {
      if (refused.includes(entry.id)) throw BUSY;
      ledger.record(entry, result);
    },
  };
}

describe('jobs of the ledger', () => {
  test('run in order, and return results to waiting callers', async () => {
    const ledger = await testLedger();
    ledger.setBudget({ period: 'day', limit: '1', warnAt: 0.8 });
    const { replies, undone } = runJobs(ledger, [
      { kind: 'open', entry: entryOf('a') },
      { kind: 'open', entry: entryOf('b'), hold: holdOf('0.6'), number: 1 },
      { kind: 'open', entry: entryOf('c'), hold: holdOf('0.6'), number: 2 },
      { kind: 'settle', id: 'a', result: resultOf('0.1') },
      { kind: 'renew', id: 'b', ...holdOf('0.8'), number: 3 },
      { kind: 'renew', id: 'b', ...holdOf('2'), number: 4 },
      { kind: 'settle', id: 'b', result: resultOf('0.05') },
    ]);
    expect(undone).toEqual([]);
    expect(replies).toMatchObject([
      { number: 1, opened: { kind: 'opened' } },
      { number: 2, opened: { kind: 'refused' } },
      { number: 3, refused: undefined },
      { number: 4, refused: [{ budget: { limit: '1' } }] },
    ]);
    expect(ids(ledger)).toEqual(['a settled', 'b settled']);
    expect(ledger.standings({ ...holdOf('0').scope })[0]).toMatchObject({ spent: '0.15', reserved: '0' });
    expect(ledger.check().problems).toEqual([]);
  });

  test('that open and end an entry write it once, with the same result as in two transactions', async () => {
    const jobsOf = (id: string): LedgerJob[] => [
      { kind: 'open', entry: entryOf(id, { clientKey: 'team', tags: ['x'], fallbackReason: '503' }) },
      {
        kind: 'settle',
        id,
        result: resultOf('0.1', { servedModel: 'a/other', provider: 'P', promptTokens: 3, completionTokens: 4, durationMs: 5.5 }),
      },
    ];
    const written = async (batches: readonly (readonly LedgerJob[])[]): Promise<unknown> => {
      const ledger = await testLedger();
      ledger.setBudget({ period: 'day', limit: '1', warnAt: 0.8 });
      ledger.standings(holdOf('0').scope);
      for (const batch of batches) expect(runJobs(ledger, batch).undone).toEqual([]);
      expect(ledger.check()).toMatchObject({ open: 0, reservations: 0, problems: [] });
      return [[...ledger.entries({})], ledger.standings(holdOf('0').scope), ledger.sums({})];
    };
    const [open, end] = [jobsOf('a'), jobsOf('b')];
    const apart = await written([...open, ...end].map((job) => [job]));
    expect(await written([[...open, ...end]])).toEqual(apart);
    // The thread ended before it reported the result.
    expect(await written([open, [...open, ...end]])).toEqual(apart);
    expect(apart).toMatchObject([[{ cost: '0.1' }, { cost: '0.1' }], [{ spent: '0.2' }], { requests: 2 }]);
  });

  test('that fail leave the others done, and later jobs of the same entry wait with them', async () => {
    const ledger = await testLedger();
    const jobs: LedgerJob[] = [
      { kind: 'open', entry: entryOf('a') },
      { kind: 'open', entry: entryOf('b') },
      { kind: 'open', entry: entryOf('c'), hold: holdOf('1'), number: 1 },
      { kind: 'settle', id: 'b', result: resultOf('0.1') },
    ];
    const { replies, undone, error } = runJobs(refusing(ledger, 'b', 'c'), jobs);
    expect(ids(ledger)).toEqual(['a open']);
    expect(replies).toMatchObject([{ number: 1, error: { message: 'in use', facts: { code: 'ledger-unwritable' } } }]);
    expect(undone).toEqual([{ kind: 'record', entry: entryOf('b'), result: resultOf('0.1') }]);
    expect(error).toMatchObject({ message: 'in use' });
    expect(runJobs(ledger, undone).undone).toEqual([]);
    expect(ids(ledger)).toEqual(['a open', 'b settled']);
  });

  test('may run twice', async () => {
    const ledger = await testLedger();
    const jobs: LedgerJob[] = [
      { kind: 'open', entry: entryOf('a') },
      { kind: 'note', id: 'a', generationId: 'gen-1' },
      { kind: 'settle', id: 'a', result: resultOf('0.1') },
    ];
    for (let time = 0; time < 2; time += 1) expect(runJobs(ledger, jobs)).toEqual({ replies: [], undone: [] });
    expect(ledger.sums({})).toMatchObject({ requests: 1, cost: '0.1' });
  });
});

test('jobs of one ledger immediately see what another connection has written', async () => {
  const one = await testLedger();
  const other = await openLedger({ folder: dirname(one.path), name: basename(one.path, '.db') });
  const open = (ledger: Ledger, id: string, amount: string): unknown =>
    runJobs(ledger, [{ kind: 'open', entry: entryOf(id), hold: holdOf(amount), number: 1 }]).replies[0]?.opened?.kind;
  const budget = one.setBudget({ period: 'day', limit: '1', warnAt: 0.8 });
  expect(open(one, 'a', '0.4')).toBe('opened');
  expect(open(other, 'b', '0.4')).toBe('opened');
  expect(open(one, 'c', '0.4')).toBe('refused');
  runJobs(other, [{ kind: 'settle', id: 'b', result: resultOf('0.1') }]);
  expect(open(one, 'd', '0.4')).toBe('opened');
  // The process counts its own settlements without reading them.
  runJobs(one, [{ kind: 'settle', id: 'd', result: resultOf('0.3') }]);
  expect(open(one, 'e', '0.3')).toBe('refused');
  expect(open(one, 'f', '0.2')).toBe('opened');
  other.setBudget({ ...budget, limit: '2' });
  expect(open(one, 'g', '0.9')).toBe('opened');
  expect(one.standings(holdOf('0').scope)).toMatchObject([{ spent: '0.4', reserved: '1.5', left: '0.1' }]);
  expect(one.check().problems).toEqual([]);
  other.close();
});
