import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import Libsql from 'libsql';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openedEntries } from '../../../../src/storage/journal/opened-entries.ts';
import { takeOverPending } from '../../../../src/storage/journal/take-over.ts';
import type { Hold } from '../../../../src/storage/ledger/budgets/budget.ts';
import type { Ledger } from '../../../../src/storage/ledger/ledger.ts';
import type { OpenedEntries } from '../../../../src/storage/ledger/writer/sent-entries.ts';
import { BudgetSlices } from '../../../../src/storage/ledger/writer/budget-slices.ts';
import { openLedger } from '../../../../src/storage/ledger/open-ledger.ts';
import { type LedgerWriter, openLedgerWriter } from '../../../../src/storage/ledger/writer/ledger-writer.ts';
import { testLedger } from '../../../support/ledger.ts';
import { entryOf, holdOf, NOW, resultOf, scopeOf } from '../../../support/ledger-entries.ts';
import { tempFolder } from '../../../support/temp-home.ts';

const BUILT = new URL('../../../../dist/ledger-worker.js', import.meta.url);

function shared(amount: string): Hold {
  const scope = scopeOf({ now: Date.now() });
  return { reservation: { amount, expiresAt: scope.now + 60_000 }, scope, mayShare: true };
}

async function open(
  limit: string,
  writers = 1,
  entries?: OpenedEntries,
): Promise<{ folder: string; ledger: Ledger; writers: LedgerWriter[] }> {
  const folder = tempFolder();
  const ledger = await testLedger({ folder });
  ledger.setBudget({ period: 'day', limit, warnAt: 0.8 });
  const opened = await Promise.all(
    Array.from({ length: writers }, () =>
      openLedgerWriter({
        folder,
        name: 'ledger',
        worker: BUILT,
        ledger,
        opened: entries ?? openedEntries({ folder, name: 'ledger' }, { now: Date.now }),
        onProblem: (error) => expect.unreachable(String(error)),
      }),
    ),
  );
  onTestFinished(() => Promise.all(opened.map((writer) => writer.close())).then(() => undefined));
  return { folder, ledger, writers: opened };
}

const pendingIn = (folder: string): string[] => readdirSync(folder).filter((name) => name.includes('pending'));

function fail(): never {
  throw new Error('the disk is full');
}

const standing = (ledger: Ledger) => ledger.standings(scopeOf({ now: Date.now() }))[0]!;

describe('a writer that has reserved money in advance', () => {
  test('admits the requests that follow without a transaction, and gives back what none of them needs', async () => {
    const { ledger, writers } = await open('1000');
    const writer = writers[0]!;
    const first = writer.open(entryOf('a'), shared('0.1'));
    expect(first).toBeInstanceOf(Promise);
    expect(await first).toMatchObject({ kind: 'opened' });
    // 0.1 for the request, and a sixty-fourth of the rest.
    expect(standing(ledger)).toMatchObject({ reserved: '15.7234375', reservations: 1, left: '984.2765625' });
    expect(writer.open(entryOf('b'), shared('0.1'))).toEqual({ kind: 'opened' });
    expect(writer.open(entryOf('c', { vendor: 'x' }), { ...shared('0.1'), mayShare: false })).toBeInstanceOf(Promise);
    writer.settle('a', resultOf('0.02'));
    writer.settle('b', resultOf('0.03'));
    await expect.poll(() => standing(ledger)).toMatchObject({ spent: '0.05', reserved: '15.7734375' });
    writer.settle('c', resultOf('0.04'));
    await expect.poll(() => standing(ledger)).toMatchObject({ spent: '0.09', reserved: '0', reservations: 0 });
    expect(ledger.check()).toMatchObject({ open: 0, reservations: 0, problems: [] });
  });

  test('gives everything back when it is closed', async () => {
    const { folder, ledger, writers } = await open('1000');
    const writer = writers[0]!;
    await writer.open(entryOf('a'), shared('0.1'));
    writer.open(entryOf('b'), shared('0.1'));
    writer.settle('a', resultOf('0.02'));
    writer.settle('b', resultOf('0.2'));
    await writer.close();
    expect(standing(ledger)).toMatchObject({ spent: '0.22', reserved: '0' });
    expect(ledger.check()).toMatchObject({ open: 0, reservations: 0, problems: [] });
    expect(pendingIn(folder)).toEqual([]);
  });

  test('notes what the ledger does not have yet in a file, for the case that it is killed', async () => {
    const { folder, ledger, writers } = await open('1000');
    const writer = writers[0]!;
    await writer.open(entryOf('a'), shared('0.1'));
    const other = new Libsql(join(folder, 'ledger.db'));
    other.exec('BEGIN IMMEDIATE');
    writer.open(entryOf('b', { expectedCost: '0.03' }), shared('0.1'));
    writer.open(entryOf('c'), shared('0.1'));
    writer.settle('c', resultOf('0.04'));
    const [file] = pendingIn(folder);
    const killed = tempFolder();
    // No process can have this id.
    cpSync(join(folder, file!), join(killed, 'ledger.pending-2147483647-a'));
    other.exec('COMMIT');
    other.close();
    writer.settle('a', resultOf('0.01'));
    writer.settle('b', resultOf('0.02'));
    await expect.poll(() => pendingIn(folder)).toEqual([]);
    expect(ledger.sums({})).toMatchObject({ requests: 3, cost: '0.07' });

    const next = await testLedger({ folder: killed });
    next.setBudget({ period: 'day', limit: '1', warnAt: 0.8 });
    const openConversations = () => Promise.reject(new Error('no question'));
    await takeOverPending({
      place: { folder: killed, name: 'ledger' },
      now: Date.now,
      openLedger: async () => next,
      openConversations,
    });
    expect([...next.entries({})]).toMatchObject([
      { id: 'b', outcome: 'lost', cost: '0.03', costSource: 'estimated' },
      { id: 'c', outcome: 'lost', costSource: 'unknown' },
    ]);
    expect(standing(next)).toMatchObject({ spent: '0.03', reserved: '0' });
    expect(pendingIn(killed)).toEqual([]);
  });

  test('sends nothing without the ledger if that file cannot be written', async () => {
    const { folder, ledger, writers } = await open('1000', 1, {
      note: () => fail(),
      forget: () => undefined,
      close: () => undefined,
    });
    const writer = writers[0]!;
    await writer.open(entryOf('a'), shared('0.1'));
    const second = writer.open(entryOf('b'), shared('0.1'));
    expect(second).toBeInstanceOf(Promise);
    expect(await second).toMatchObject({ kind: 'opened' });
    writer.settle('a', resultOf('0.01'));
    writer.settle('b', resultOf('0.02'));
    await writer.close();
    expect(standing(ledger)).toMatchObject({ spent: '0.03', reserved: '0' });
    expect(pendingIn(folder)).toEqual([]);
  });

  test('reserves nothing in advance for a budget that has little left', async () => {
    const { ledger, writers } = await open('20');
    await writers[0]!.open(entryOf('a'), shared('0.1'));
    expect(standing(ledger)).toMatchObject({ reserved: '0.1' });
    expect(writers[0]!.open(entryOf('b'), shared('0.1'))).toBeInstanceOf(Promise);
  });

  test('reserves more for an answer that is longer than expected, unless a budget has no room for it', async () => {
    const { ledger, writers } = await open('100');
    const writer = writers[0]!;
    await writer.open(entryOf('a'), shared('0.1'));
    await writer.open(entryOf('b'), shared('0.1'));
    const slice = Number(standing(ledger).reserved);
    const renew = (id: string, amount: string) => {
      const { reservation, scope } = shared(amount);
      return writer.renew(id, reservation, scope);
    };
    expect(await renew('b', '0.5')).toBeUndefined();
    expect(Number(standing(ledger).reserved)).toBe(slice);
    expect(await renew('b', '50')).toBeUndefined();
    await expect.poll(() => Number(standing(ledger).reserved)).toBeCloseTo(50.1, 6);
    expect(await renew('b', '200')).toMatchObject([{ budget: { limit: '100' } }]);
    await expect.poll(() => Number(standing(ledger).reserved)).toBeCloseTo(50.1, 6);
    writer.settle('b', resultOf('49'));
    writer.settle('a', resultOf('0.1'));
    await expect.poll(() => standing(ledger)).toMatchObject({ spent: '49.1', reserved: '0' });
  });

  test('several of them never exceed a budget together, and use all of it', async () => {
    const { ledger, writers } = await open('3', 4);
    let spent = 0;
    let refused = 0;
    const run = async (writer: LedgerWriter, lane: string): Promise<void> => {
      for (let index = 0; index < 60; index += 1) {
        const id = `${lane}-${index}`;
        const { kind } = await writer.open(entryOf(id), shared('0.01'));
        if (kind === 'refused') {
          refused += 1;
          continue;
        }
        await new Promise((resolve) => setImmediate(resolve));
        spent += 9;
        writer.settle(id, resultOf('0.009'));
      }
    };
    await Promise.all(
      writers.flatMap((writer, index) => Array.from({ length: 4 }, (_, lane) => run(writer, `${index}-${lane}`))),
    );
    await Promise.all(writers.map((writer) => writer.close()));
    expect(refused).toBeGreaterThan(0);
    expect(standing(ledger)).toMatchObject({ spent: String(spent / 1000), reserved: '0' });
    expect(spent).toBeLessThanOrEqual(3000);
    expect(spent).toBeGreaterThan(2900);
    expect(ledger.check()).toMatchObject({ open: 0, reservations: 0, problems: [] });
  });

  test('that is killed leaves no money reserved', async () => {
    const { folder, ledger, writers } = await open('1000');
    const writer = writers[0]!;
    await writer.open(entryOf('a', { expectedCost: '0.05' }), shared('0.1'));
    writer.open(entryOf('b', { expectedCost: '0.06' }), shared('0.1'));
    writer.settle('a', resultOf('0.02'));
    await expect.poll(() => ledger.check()).toMatchObject({ entries: 2, open: 1, reservations: 1 });
    const other = new Libsql(join(folder, 'ledger.db'));
    // No process can have this id.
    other.exec('UPDATE lease SET pid = 2147483647');
    other.close();
    expect(standing(ledger)).toMatchObject({ reserved: '0' });
    ledger.closeLost(Date.now());
    expect(standing(ledger)).toMatchObject({ spent: '0.08', reserved: '0' });
    expect(ledger.check()).toMatchObject({ open: 0, reservations: 0, problems: [] });
  });

  test('that is killed: what it has noted is spent in the transaction that frees its money', async () => {
    const { folder, ledger, writers } = await open('1');
    await writers[0]!.open(entryOf('a', { expectedCost: '0.001' }), shared('0.001'));
    writers[0]!.settle('a', resultOf('0.001'));
    await expect.poll(() => ledger.check()).toMatchObject({ entries: 1, open: 0, reservations: 1 });
    const ended = 2_147_483_647;
    const other = new Libsql(join(folder, 'ledger.db'));
    other.exec(`UPDATE lease SET pid = ${ended}`);
    other.close();
    const next = await openLedger({
      folder,
      name: 'ledger',
      // One that the ledger has, and one that it does not have yet.
      notedBy: (pids) => (pids.has(ended) ? [entryOf('a'), entryOf('b', { expectedCost: '0.9' })] : []),
    });
    onTestFinished(() => next.close());
    expect(next.open(entryOf('c'), shared('0.5'))).toMatchObject({ kind: 'refused' });
    expect(standing(next)).toMatchObject({ spent: '0.901', reserved: '0' });
    expect([...next.entries({})].map(({ id, outcome }) => [id, outcome])).toContainEqual(['b', 'lost']);
    expect(next.check()).toMatchObject({ entries: 2, open: 0, reservations: 0, problems: [] });
  });
});

test('what is reserved is never less than what running requests hold, and never negative', () => {
  const action = fc.record({
    kind: fc.constantFrom('open', 'settle', 'renew', 'sweep'),
    which: fc.nat(20),
    amount: fc.integer({ min: 1, max: 50 }),
    keys: fc.constantFrom('x', 'y'),
  });
  fc.assert(
    fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
      const slices = new BudgetSlices();
      /** The ledger: the amount of each row, and which entries are open. */
      const rows = new Map<number, number>();
      const held = new Map<string, number>();
      let row = 0;
      let ids = 0;
      const write = (): void => {
        for (const change of slices.changes()) {
          if (change.amount === undefined) rows.delete(change.row);
          else rows.set(change.row, Number(change.amount));
        }
      };
      for (const { kind, which, amount, keys } of actions) {
        const hold = holdOf(String(amount), scopeOf({ clientKey: keys }));
        const id = [...held.keys()][which % Math.max(1, held.size)];
        if (kind === 'open') {
          const fresh = `e${(ids += 1)}`;
          if (!slices.admit(fresh, hold.reservation, hold.scope)) {
            rows.set((row += 1), amount * 5);
            slices.begin(fresh, hold.reservation, hold.scope, { row, spare: String(amount * 4) });
          }
          held.set(fresh, amount);
        } else if (kind === 'settle' && id !== undefined) {
          slices.settle(id, resultOf(String(amount)));
          held.delete(id);
        } else if (kind === 'renew' && id !== undefined) {
          const grown = slices.renew(id, { amount: String(amount), expiresAt: NOW + 90_000 })!;
          if (grown.more > 0n && which % 2 === 0) grown.undo();
          else held.set(id, Math.max(amount, held.get(id)!));
        } else slices.sweep();
        write();
        const reserved = [...rows.values()].reduce((sum, one) => sum + one, 0);
        expect(Math.min(0, ...rows.values())).toBe(0);
        expect(reserved).toBeGreaterThanOrEqual([...held.values()].reduce((sum, one) => sum + one, 0));
      }
      for (const id of held.keys()) slices.settle(id, resultOf('0'));
      slices.release();
      write();
      expect([...rows.values()]).toEqual([]);
      expect(slices.isEmpty).toBe(true);
    }),
  );
});
