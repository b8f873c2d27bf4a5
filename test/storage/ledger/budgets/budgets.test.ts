import { join } from 'node:path';
import Libsql from 'libsql';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Budget, BudgetScope } from '../../../../src/storage/ledger/budgets/budget.ts';
import type { OpeningEntry } from '../../../../src/storage/ledger/entry.ts';
import { openLedger } from '../../../../src/storage/ledger/open-ledger.ts';
import { entryOf, holdOf, NOW, resultOf, scopeOf, SPANS } from '../../../support/ledger-entries.ts';
import { ownerOf, testLedger } from '../../../support/ledger.ts';
import { tempFolder } from '../../../support/temp-home.ts';

const perDay = (limit: string, rest: Partial<Budget> = {}): Omit<Budget, 'id'> => ({
  period: 'day',
  limit,
  warnAt: 0.8,
  ...rest,
});

describe('budgets', () => {
  test('have small numbers, are replaced by those of the same period and scope, and can be removed', async () => {
    const ledger = await testLedger();
    expect(ledger.budgets()).toEqual([]);
    const first = ledger.setBudget(perDay('1'));
    const second = ledger.setBudget(perDay('2', { project: '/work', profile: 'p', model: 'a/*' }));
    expect([first.id, second.id]).toEqual([1, 2]);
    expect(ledger.setBudget(perDay('3.50', { warnAt: 0.5 }))).toEqual({ id: 1, period: 'day', limit: '3.50', warnAt: 0.5 });
    expect(ledger.budgets()).toEqual([{ id: 1, period: 'day', limit: '3.50', warnAt: 0.5 }, second]);
    expect(ledger.removeBudget(2)).toEqual(second);
    expect(ledger.removeBudget(2)).toBeUndefined();
    expect(ledger.budgets()).toHaveLength(1);
  });

  test.each(['0', '1000000', '20000000'])('one of $%s is unchanged when it is read, and is no damage', async (limit) => {
    const place = { folder: tempFolder(), name: 'ledger' };
    const ledger = await openLedger(place);
    const budget = ledger.setBudget(perDay(limit));
    ledger.close();
    const again = await openLedger(place);
    expect([again.notices, again.isIncomplete, again.budgets()]).toEqual([[], false, [budget]]);
    again.close();
  });

  test('of a window of any length start again with each window, in every process, and forget those that are over', async () => {
    const place = { folder: tempFolder(), name: 'ledger' };
    const ledger = await openLedger(place);
    const MINUTE = 60_000;
    ledger.setBudget({ period: '5m', limit: '1', warnAt: 0.8 });
    const at = (minutes: number, cost: string) => {
      const scope = scopeOf({ now: NOW + minutes * MINUTE });
      const id = `e${minutes}`;
      const { kind } = ledger.open(entryOf(id, { openedAt: scope.now }), holdOf(cost, scope));
      if (kind === 'opened') ledger.settle(id, resultOf(cost));
      return [kind, ledger.standings(scope)[0]?.spent];
    };
    expect(at(0, '0.6')).toEqual(['opened', '0.6']);
    expect(at(4.9, '0.6')).toEqual(['refused', '0.6']);
    expect(at(5, '0.6')).toEqual(['opened', '0.6']);
    for (let minutes = 10; minutes < 600; minutes += 5) expect(at(minutes, '0.01')).toEqual(['opened', '0.01']);
    const later = await openLedger(place);
    const scope = scopeOf({ now: NOW + 596 * MINUTE });
    expect(later.budgets()).toMatchObject([{ period: '5m', limit: '1' }]);
    expect(later.standings(scope)).toMatchObject([
      { span: { start: NOW + 595 * MINUTE, end: NOW + 600 * MINUTE }, spent: '0.01', left: '0.99' },
    ]);
    expect(later.check().problems).toEqual([]);
    for (const one of [ledger, later]) one.close();
    const database = new Libsql(join(place.folder, 'ledger.db'), { readonly: true });
    onTestFinished(() => void database.close());
    const { rows } = database.prepare('SELECT COUNT(*) rows FROM budget_total').get() as { rows: number };
    // Of 120 windows, those of the last four hours.
    expect([rows > 1, rows < 60]).toEqual([true, true]);
  });

  test('in total count every entry, never start again, and keep what was spent when entries are pruned', async () => {
    const place = { folder: tempFolder(), name: 'ledger' };
    const ledger = await openLedger(place);
    const year = 365 * 86_400_000;
    ledger.import([{ ...entryOf('old', { openedAt: NOW - 2 * year }), ...resultOf('0.6'), state: 'settled' }]);
    ledger.setBudget({ period: 'total', limit: '1', warnAt: 0.8 });
    expect(ledger.standings(scopeOf())).toMatchObject([{ budget: { period: 'total' }, spent: '0.6', left: '0.4' }]);
    expect(ledger.open(entryOf('e1'), holdOf('0.3')).kind).toBe('opened');
    ledger.settle('e1', resultOf('0.3'));
    expect(ledger.prune(NOW - year)).toBe(1);
    ledger.close();
    const later = await openLedger(place);
    const now = NOW + 3 * year;
    const day = { start: now, end: now + 1 };
    const scope = scopeOf({ now, spans: { day, week: day, month: day } });
    expect(later.standings(scope)).toMatchObject([{ spent: '0.9', left: '0.1' }]);
    expect(later.open(entryOf('e2', { openedAt: now }), holdOf('0.2', scope)).kind).toBe('refused');
    expect(later.open(entryOf('e3', { openedAt: now }), holdOf('0.1', scope)).kind).toBe('opened');
    expect(later.check().problems).toEqual([]);
    later.close();
  });

  const applies: [Partial<Budget>, Partial<BudgetScope>, boolean][] = [
    [{}, {}, true],
    [{ project: '/work' }, {}, true],
    [{ project: '/other' }, {}, false],
    [{ profile: 'default' }, {}, true],
    [{ profile: 'work' }, {}, false],
    [{ model: 'a/one' }, {}, true],
    [{ model: 'A/ONE' }, {}, true],
    [{ model: 'a/*' }, {}, true],
    [{ model: '*:free' }, {}, false],
    [{ model: 'b/two' }, { models: ['a/one', 'b/two'] }, true],
    [{ model: 'a/*', project: '/other' }, {}, false],
    [{ vendor: 'openrouter' }, {}, true],
    [{ vendor: 'anthropic' }, {}, false],
    [{ clientKey: 'laptop' }, {}, false],
    [{ clientKey: 'laptop' }, { clientKey: 'laptop' }, true],
    [{ clientKey: 'laptop' }, { clientKey: 'lap' }, false],
    [{ tag: 'red' }, {}, false],
    [{ tag: 'red' }, { tags: ['blue', 'red'] }, true],
    [{ tag: 'red' }, { tags: ['redder'] }, false],
    [{ tag: 'red', clientKey: 'laptop' }, { tags: ['red'], clientKey: 'ci' }, false],
  ];
  test.each(applies)('%j for %j: %s', async (budget, scope, isOne) => {
    const ledger = await testLedger();
    ledger.setBudget(perDay('1', budget));
    expect(ledger.standings(scopeOf(scope))).toHaveLength(isOne ? 1 : 0);
  });

  test('count the reservations of their key, tag and vendor, and no other', async () => {
    const ledger = await testLedger();
    ledger.setBudget(perDay('10', { clientKey: 'laptop' }));
    ledger.setBudget(perDay('10', { tag: 'red' }));
    ledger.setBudget(perDay('10', { vendor: 'anthropic' }));
    const hold = (id: string, amount: string, fields: Pick<OpeningEntry, 'vendor' | 'clientKey' | 'tags'>) =>
      ledger.open(entryOf(id, fields), holdOf(amount, scopeOf({ ...fields, tags: fields.tags ?? [] })));
    hold('1', '1', { vendor: 'openrouter', clientKey: 'laptop' });
    hold('2', '0.1', { vendor: 'anthropic', tags: ['blue', 'red'] });
    hold('3', '0.01', { vendor: 'openai', clientKey: 'ci', tags: ['redder'] });
    const scope = scopeOf({ vendor: 'anthropic', clientKey: 'laptop', tags: ['red'] });
    const reserved = () => ledger.standings(scope).map((standing) => [standing.reserved, standing.spent]);
    expect(reserved()).toEqual([
      ['1', '0'],
      ['0.1', '0'],
      ['0.1', '0'],
    ]);
    for (const id of ['1', '2', '3']) ledger.settle(id, resultOf('0.5'));
    expect(reserved()).toEqual([
      ['0', '0.5'],
      ['0', '0.5'],
      ['0', '0.5'],
    ]);
    // A request that needs more than any one of them has left fails.
    expect(hold('4', '9.6', { vendor: 'openrouter', clientKey: 'laptop' })).toMatchObject({ kind: 'refused' });
    expect(hold('4', '9.6', { vendor: 'openrouter', clientKey: 'ci' })).toEqual({ kind: 'opened' });
  });

  test('count entries of their period, place and model', async () => {
    const ledger = await testLedger();
    for (const period of ['request', 'conversation', 'day', 'week', 'month'] as const) {
      ledger.setBudget({ period, limit: '10', warnAt: 0.8 });
    }
    ledger.setBudget(perDay('10', { model: 'b/*' }));
    ledger.setBudget(perDay('10', { project: '/other' }));
    const spend = (id: string, cost: string, fields = {}, result = {}) => {
      ledger.open(entryOf(id, fields));
      ledger.settle(id, resultOf(cost, result));
    };
    const spent = () =>
      ledger
        .standings(scopeOf({ models: ['a/one', 'b/two'] }))
        .map(({ budget, spent: amount, left, span }) => [budget.period, amount, left, span]);
    spend('1', '0.1');
    expect(spent().map(([, amount]) => amount)).toEqual(['0', '0.1', '0.1', '0.1', '0.1', '0']);
    // From here on the totals are stored, not computed.
    spend('2', '0.02', { openedAt: SPANS.day.start, conversation: 'c2' });
    spend('3', '0.003', { openedAt: SPANS.day.start - 1 });
    spend('4', '0.0004', { openedAt: SPANS.week.start - 1, project: '/other' });
    spend('5', '0.00005', { openedAt: SPANS.month.start - 1, conversation: 'c5' });
    spend('6', '0.000006', {}, { servedModel: 'b/two' });
    spend('7', '0.0000007', { requestedModel: 'b/two' }, { servedModel: 'b-two-2026' });
    expect(spent()).toEqual([
      ['request', '0', '10', undefined],
      ['conversation', '0.1034067', '9.8965933', undefined],
      ['day', '0.1200067', '9.8799933', SPANS.day],
      ['week', '0.1230067', '9.8769933', SPANS.week],
      ['month', '0.1234067', '9.8765933', SPANS.month],
      ['day', '0.0000067', '9.9999933', SPANS.day],
    ]);
    expect(ledger.check().problems).toEqual([]);
  });
});

describe('a reservation', () => {
  test('fails if it would exceed a limit, to the last digit, and then leaves nothing', async () => {
    const ledger = await testLedger();
    ledger.setBudget(perDay('1'));
    expect(ledger.open(entryOf('1'), holdOf('0.999999999999999999'))).toEqual({ kind: 'opened' });
    expect(ledger.open(entryOf('2'), holdOf('0.000000000000000002'))).toMatchObject({
      kind: 'refused',
      standings: [{ spent: '0', reserved: '0.999999999999999999', reservations: 1, left: '0.000000000000000001' }],
    });
    expect([...ledger.entries({})].map(({ id }) => id)).toEqual(['1']);
    expect(ledger.open(entryOf('2'), holdOf('0.000000000000000001'))).toEqual({ kind: 'opened' });
    ledger.settle('1', resultOf('0.25'));
    expect(ledger.standings(scopeOf())).toMatchObject([{ spent: '0.25', reserved: '0.000000000000000001', reservations: 1 }]);
  });

  test('of a request counts toward the limit of a single one', async () => {
    const ledger = await testLedger();
    ledger.setBudget({ period: 'request', limit: '0.5', warnAt: 1 });
    expect(ledger.open(entryOf('1'), holdOf('0.5')).kind).toBe('opened');
    expect(ledger.open(entryOf('2'), holdOf('0.5')).kind).toBe('opened');
    expect(ledger.open(entryOf('3'), holdOf('0.51')).kind).toBe('refused');
    const later = { amount: '0.5', expiresAt: NOW + 120_000 };
    expect(ledger.renew('1', later, scopeOf())).toBeUndefined();
    expect(ledger.renew('1', { ...later, amount: '0.6' }, scopeOf())).toMatchObject([{ budget: { period: 'request' } }]);
  });

  test('counts for a budget on any model that may answer, and only in its own conversation', async () => {
    const ledger = await testLedger();
    ledger.setBudget(perDay('1', { model: 'b/*' }));
    ledger.setBudget({ period: 'conversation', limit: '1', warnAt: 1 });
    ledger.open(entryOf('1'), holdOf('0.5', scopeOf({ models: ['a/one', 'b/two'] })));
    expect(ledger.standings(scopeOf({ models: ['b/three'] }))).toMatchObject([{ reserved: '0.5' }, { reserved: '0.5' }]);
    expect(ledger.standings(scopeOf({ models: ['b/three'], conversation: 'c2' }))).toMatchObject([
      { reserved: '0.5' },
      { reserved: '0' },
    ]);
  });

  test('can be extended and raised, as far as there is room', async () => {
    const ledger = await testLedger();
    ledger.setBudget(perDay('1'));
    ledger.open(entryOf('1'), holdOf('0.4'));
    ledger.open(entryOf('2'), holdOf('0.4'));
    const expiresAt = NOW + 120_000;
    expect(ledger.renew('1', { amount: '0.7', expiresAt }, scopeOf())).toMatchObject([{ reserved: '0.8', left: '0.2' }]);
    expect(ledger.standings(scopeOf())).toMatchObject([{ reserved: '0.8' }]);
    expect(ledger.renew('1', { amount: '0.6', expiresAt }, scopeOf())).toBeUndefined();
    expect(ledger.standings(scopeOf())).toMatchObject([{ reserved: '1', left: '0' }]);
    // The second has expired, the first was renewed.
    expect(ledger.standings(scopeOf({ now: NOW + 60_000 }))).toMatchObject([{ reserved: '0.6', reservations: 1 }]);
    // Renewing a reservation needs no free budget, even after the limit was lowered.
    ledger.setBudget(perDay('0.1'));
    expect(ledger.renew('1', { amount: '0.6', expiresAt: NOW + 180_000 }, scopeOf())).toBeUndefined();
    ledger.settle('1', resultOf('0.05'));
    expect(ledger.renew('1', { amount: '0.6', expiresAt }, scopeOf())).toBeUndefined();
    expect(ledger.standings(scopeOf({ now: NOW + 60_000 }))).toMatchObject([{ reserved: '0' }]);
  });

  test('is released when it has expired or its process is gone; its probable cost is spent', async () => {
    const folder = tempFolder();
    const ledger = await testLedger({ folder, owner: ownerOf(1, (pid) => pid !== 2) });
    const gone = await testLedger({ folder, owner: ownerOf(2) });
    ledger.setBudget(perDay('1'));
    ledger.open(entryOf('expiring', { expectedCost: '0.1' }), holdOf('0.3'));
    gone.open(entryOf('gone', { expectedCost: '0.2' }), holdOf('0.3'));
    expect(ledger.standings(scopeOf())).toMatchObject([{ reserved: '0.3', reservations: 1 }]);
    expect(ledger.standings(scopeOf({ now: NOW + 60_000 }))).toMatchObject([{ reserved: '0', reservations: 0 }]);
    expect(ledger.open(entryOf('next'), holdOf('0.71', scopeOf({ now: NOW + 60_000 })))).toMatchObject({
      kind: 'refused',
      standings: [{ spent: '0.3', reserved: '0', left: '0.7' }],
    });
    expect(ledger.open(entryOf('next'), holdOf('0.7', scopeOf({ now: NOW + 60_000 }))).kind).toBe('opened');
    // The process was only slow: its cost is still correct, and counted once.
    ledger.settle('expiring', resultOf('0.15'));
    expect(ledger.standings(scopeOf())).toMatchObject([{ spent: '0.35' }]);
    expect(ledger.check().problems).toEqual([]);
  });

  test('stays in part if the cost is only estimated, until the billed cost is known or it expires', async () => {
    const folder = tempFolder();
    const ledger = await testLedger({ folder, owner: ownerOf(1) });
    // Its process has ended by then, as most do after an answer.
    const later = await testLedger({ folder, owner: ownerOf(2, () => false) });
    ledger.setBudget(perDay('1'));
    for (const id of ['1', '2', '3']) ledger.open(entryOf(id), holdOf('0.3'));
    const until = NOW + 5_000;
    ledger.settle('1', resultOf('0.1', { costSource: 'estimated' }), until);
    ledger.settle('2', { outcome: 'failed', attempts: 1, costSource: 'unknown' }, until);
    ledger.settle('3', resultOf('0.4', { costSource: 'estimated' }), until);
    expect(later.closeLost(NOW)).toBe(0);
    for (const each of [ledger, later]) {
      expect(each.standings(scopeOf())).toMatchObject([{ spent: '0.5', reserved: '0.5', reservations: 2 }]);
    }
    ledger.settle('1', resultOf('0.15', { costSource: 'looked-up' }));
    expect(ledger.standings(scopeOf())).toMatchObject([{ spent: '0.55', reserved: '0.3', reservations: 1 }]);
    expect(ledger.check().problems).toEqual([]);
    expect(ledger.standings(scopeOf({ now: until }))).toMatchObject([{ reserved: '0' }]);
    ledger.closeLost(until);
    expect(ledger.check()).toMatchObject({ reservations: 0, problems: [] });
  });
});
