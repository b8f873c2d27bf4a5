import { describe, expect, test } from 'vitest';
import type { EntryFilter, LedgerEntry } from '../../../src/storage/ledger/entry.ts';
import { entryOf, NOW, resultOf } from '../../support/ledger-entries.ts';
import { ownerOf, testLedger } from '../../support/ledger.ts';
import { tempFolder } from '../../support/temp-home.ts';

const OPENED = entryOf('e1', {
  template: 'review',
  expectedCost: '0.0100',
  fallbackFrom: 'a/zero',
  fallbackReason: 'a/zero: network refused',
});

const WHOLE: Required<Pick<LedgerEntry, 'id'>> & LedgerEntry = {
  ...OPENED,
  state: 'settled',
  outcome: 'complete',
  servedModel: 'a/one-2026',
  provider: 'Möbius 漢',
  generationId: 'gen-1',
  promptTokens: 120,
  cachedTokens: 20,
  cacheWriteTokens: 0,
  completionTokens: 44,
  reasoningTokens: 4,
  cost: '0.00000027000',
  costSource: 'billed',
  isByok: false,
  timeToFirstTokenMs: 210.5,
  durationMs: 900.25,
  throughput: 51.5,
  finishReason: 'stop',
  attempts: 2,
};

describe('an entry', () => {
  test('is read back unchanged, to the last digit of its cost', async () => {
    const ledger = await testLedger();
    const { state: _, ...rest } = WHOLE;
    ledger.open(OPENED);
    expect([...ledger.entries({})]).toEqual([{ ...OPENED, state: 'open', costSource: 'unknown' }]);
    ledger.noteGeneration('e1', 'gen-0');
    expect([...ledger.entries({})]).toMatchObject([{ state: 'open', generationId: 'gen-0' }]);
    ledger.settle('e1', { ...rest, outcome: 'complete', attempts: 2 });
    expect([...ledger.entries({})]).toEqual([WHOLE]);
    ledger.noteGeneration('e1', 'gen-too-late');
    expect([...ledger.entries({})]).toEqual([WHOLE]);
  });

  test('is settled once: later only a better cost source counts, and never twice', async () => {
    const ledger = await testLedger();
    ledger.open(entryOf('e1'));
    const costNow = () => {
      const [{ cost, costSource, outcome, promptTokens } = entryMissing()] = ledger.entries({});
      return [cost, costSource, outcome, promptTokens, ledger.sums({}).cost];
    };
    ledger.settle('e1', resultOf('0.5', { costSource: 'estimated', outcome: 'stopped', promptTokens: 9 }));
    expect(costNow()).toEqual(['0.5', 'estimated', 'stopped', 9, '0.5']);
    ledger.settle('e1', resultOf('0.7', { costSource: 'estimated' }));
    ledger.settle('e1', { outcome: 'failed', attempts: 1, costSource: 'unknown' });
    expect(costNow()).toEqual(['0.5', 'estimated', 'stopped', 9, '0.5']);
    ledger.settle('e1', resultOf('0.6', { costSource: 'looked-up', promptTokens: 10 }));
    expect(costNow()).toEqual(['0.6', 'looked-up', 'stopped', 10, '0.6']);
    ledger.settle('e1', resultOf('0.4'));
    ledger.settle('e1', resultOf('0.3'));
    expect(costNow()).toEqual(['0.4', 'billed', 'stopped', 10, '0.4']);
  });

  test('a computed cost is better than an estimate and worse than a billed one, counts as such, and is not looked up', async () => {
    const ledger = await testLedger();
    ledger.open(entryOf('e1'));
    const costNow = () => {
      const { cost, costSource } = [...ledger.entries({})][0] ?? entryMissing();
      const { computed, estimated } = ledger.sums({});
      return [cost, costSource, computed, estimated];
    };
    ledger.settle('e1', resultOf('0.5', { costSource: 'estimated', generationId: 'msg_1' }));
    expect([costNow(), ledger.unbilled({ since: 0, limit: 9 }).length]).toEqual([['0.5', 'estimated', 0, 1], 1]);
    ledger.settle('e1', resultOf('0.6', { costSource: 'computed' }));
    ledger.settle('e1', resultOf('0.7', { costSource: 'estimated' }));
    expect([costNow(), ledger.unbilled({ since: 0, limit: 9 }).length]).toEqual([['0.6', 'computed', 1, 0], 0]);
    expect(ledger.check()).toMatchObject({ problems: [] });
    ledger.settle('e1', resultOf('0.4', { costSource: 'billed' }));
    ledger.settle('e1', resultOf('0.6', { costSource: 'computed' }));
    expect(costNow()).toEqual(['0.4', 'billed', 0, 0]);
  });

  test.each(['-1', 'free', 'NaN', 'Infinity', undefined])('never has a cost of %s', async (cost) => {
    const ledger = await testLedger();
    ledger.open(entryOf('e1'));
    ledger.settle('e1', { outcome: 'complete', attempts: 1, cost, costSource: 'billed' });
    expect([...ledger.entries({})]).toMatchObject([{ costSource: 'unknown' }]);
    expect(ledger.sums({})).toMatchObject({ cost: '0', unknown: 1 });
  });

  test('keeps hostile text as text', async () => {
    const ledger = await testLedger();
    const model = `'"; DROP TABLE entry; --\u001b[31m\ud800\0`;
    ledger.open(entryOf('e1', { requestedModel: model, conversation: '%_*' }));
    expect([...ledger.entries({ conversation: '%_*' })]).toMatchObject([
      { requestedModel: `'"; DROP TABLE entry; --\u001b[31m\uFFFD\uFFFD` },
    ]);
    expect([...ledger.entries({ conversation: '_' })]).toEqual([]);
  });
});

describe('entries of processes that are gone', () => {
  test('are lost, at their expected cost, when their lease expires or their process has ended', async () => {
    const folder = tempFolder();
    const mine = await testLedger({ folder, owner: ownerOf(1, (pid) => pid !== 2) });
    const gone = await testLedger({ folder, owner: ownerOf(2) });
    const elsewhere = await testLedger({ folder, owner: ownerOf(2, () => true, 'there') });
    mine.open(entryOf('mine'));
    gone.open(entryOf('gone', { expectedCost: '0.25' }));
    elsewhere.open(entryOf('elsewhere'));
    expect(mine.closeLost(NOW)).toBe(1);
    expect([...mine.entries({})].map(({ id, outcome, cost, costSource }) => [id, outcome, cost, costSource])).toEqual([
      ['mine', undefined, undefined, 'unknown'],
      ['gone', 'lost', '0.25', 'estimated'],
      ['elsewhere', undefined, undefined, 'unknown'],
    ]);
    expect(mine.closeLost(NOW)).toBe(0);
    expect(mine.closeLost(NOW + 15 * 60_000)).toBe(2);
    expect(mine.check()).toMatchObject({ entries: 3, open: 0, problems: [] });
  });

  test('are found by their generation id until their cost is known, those looked up without success last', async () => {
    const ledger = await testLedger();
    for (const [index, id] of ['a', 'b', 'c', 'd'].entries()) {
      ledger.open(entryOf(id, { openedAt: NOW + index, expectedCost: '1' }));
      if (id !== 'c') ledger.noteGeneration(id, `gen-${id}`);
    }
    const ids = (since = 0, limit = 10) => ledger.unbilled({ since, limit }).map(({ id }) => id);
    expect(ids()).toEqual([]);
    ledger.closeLost(NOW + 60 * 60_000);
    expect(ids()).toEqual(['a', 'b', 'd']);
    expect([ids(NOW + 1), ids(0, 1)]).toEqual([['b', 'd'], ['a']]);
    ledger.noteLookUp('a', NOW);
    expect(ids()).toEqual(['b', 'd', 'a']);
    ledger.settle('b', resultOf('0.5', { costSource: 'looked-up' }));
    expect(ids()).toEqual(['d', 'a']);
    expect([...ledger.entries({ since: NOW + 1, until: NOW + 2 })]).toMatchObject([{ outcome: 'complete', cost: '0.5' }]);
  });
});

describe('a filter', () => {
  const cases: [EntryFilter, string[]][] = [
    [{}, ['1', '2', '3']],
    [{ since: NOW + 1 }, ['2', '3']],
    [{ until: NOW + 1 }, ['1']],
    [{ since: -Infinity, until: Infinity }, ['1', '2', '3']],
    [{ command: 'compare' }, ['2']],
    [{ conversation: 'c' }, []],
    [{ conversation: 'c1' }, ['1']],
    [{ conversation: 'c2' }, ['2']],
    [{ profile: 'work' }, ['3']],
    [{ project: '/other' }, ['3']],
    [{ model: 'a/one' }, ['1']],
    [{ model: 'A/*' }, ['1', '2']],
    [{ model: '*served' }, ['3']],
    [{ model: 'b/asked' }, []],
    [{ provider: 'P' }, ['3']],
    [{ provider: 'nobody' }, []],
    [{ model: 'a/*', command: 'chat', conversation: 'c1' }, ['1']],
  ];
  test.each(cases)('%j', async (filter, ids) => {
    const ledger = await testLedger();
    ledger.open(entryOf('1', { conversation: 'c1' }));
    ledger.open(entryOf('2', { openedAt: NOW + 1, conversation: 'c2', command: 'compare', requestedModel: 'a/two' }));
    ledger.open(
      entryOf('3', { openedAt: NOW + 2, conversation: 'd', profile: 'work', project: '/other', requestedModel: 'b/asked' }),
    );
    ledger.settle('3', resultOf('1', { servedModel: 'b/served', provider: 'P' }));
    expect([...ledger.entries(filter)].map(({ id }) => id)).toEqual(ids);
    expect([...ledger.entries(filter, { order: 'latest', limit: 2 })].map(({ id }) => id)).toEqual(ids.toReversed().slice(0, 2));
    expect(ledger.sums(filter).requests).toBe(ids.length);
  });
});

test('entries are returned in sequence while others are written, without repeats or omissions', async () => {
  const ledger = await testLedger();
  const many = Array.from({ length: 1200 }, (_, index) => String(index).padStart(4, '0'));
  ledger.import(
    many.map((id) => ({ ...entryOf(id), state: 'settled', outcome: 'complete', costSource: 'unknown', attempts: 1 })),
  );
  const seen: string[] = [];
  for (const { id } of ledger.entries({})) {
    if (seen.length % 400 === 0) ledger.open(entryOf(`earlier ${seen.length}`, { openedAt: NOW - 1 }));
    seen.push(id);
  }
  expect(seen).toEqual(many);
});

function entryMissing(): never {
  throw new Error('no entry');
}
