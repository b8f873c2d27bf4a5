import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Accounting } from '../../../src/core/budget/accounting.ts';
import { record } from '../../../src/core/budget/record.ts';
import { waitForRoom } from '../../../src/core/budget/wait-for-room.ts';
import { collectAnswer } from '../../../src/core/answer/collect.ts';
import { entryId } from '../../../src/core/ledger/entry-id.ts';
import { periodSpans } from '../../../src/core/time/periods.ts';
import type { BudgetStanding } from '../../../src/storage/ledger/budgets/budget.ts';
import type { Ledger } from '../../../src/storage/ledger/ledger.ts';
import { makeModel } from '../../support/catalogue.ts';
import { entryOf, resultOf } from '../../support/ledger-entries.ts';
import { testLedger } from '../../support/ledger.ts';

const MODEL = makeModel('a/one', { in: '0.000001', out: '0.000002' });

/** Returns an accounting over a ledger with a budget of a dollar a day, part of which another conversation has reserved. */
async function accountingWithReservation(
  pending: string,
  limit = '1',
): Promise<{ accounting: Accounting; ledger: Ledger; release: () => void; sleeps: () => number }> {
  const ledger = await testLedger();
  ledger.setBudget({ period: 'day', limit, warnAt: 1 });
  const now = Date.now();
  const scope = {
    conversation: 'other',
    profile: 'default',
    project: '/work',
    models: ['a/one'],
    vendor: 'openrouter',
    tags: [],
    spans: periodSpans(now),
    now,
  };
  ledger.open(entryOf('other', { openedAt: now, conversation: 'other' }), {
    reservation: { amount: pending, expiresAt: now + 600_000 },
    scope,
  });
  let sleeps = 0;
  const accounting: Accounting = {
    ledger,
    labels: {
      command: 'chat',
      conversation: 'mine',
      profile: 'default',
      project: '/work',
      api: 'https://api.example',
      vendor: 'openrouter',
    },
    now: Date.now,
    turn: () => 'mine',
    newId: () => entryId(Date.now(), randomBytes(16)),
    sleep: async (_, signal) => {
      sleeps += 1;
      await wait(1, undefined, { signal });
    },
    waitsFor: 'others',
    limitsRequests: true,
    keepsPriceLimit: true,
    findModel: async () => undefined,
    addressOf: () => undefined,
    patienceMs: 60_000,
    findPrices: async () => [{ model: MODEL, endpoints: undefined }],
    note: () => undefined,
  };
  return { accounting, ledger, release: () => ledger.settle('other', resultOf('0.01')), sleeps: () => sleeps };
}

const ask = (accounting: Accounting, maxTokens: number, signal?: AbortSignal) => {
  async function* stream() {
    yield { type: 'response-start' as const, id: 'gen-1', model: 'a/one', created: 0 };
    yield { type: 'text-delta' as const, text: 'hello' };
    yield { type: 'response-end' as const };
  }
  return collectAnswer(
    record(stream as never, accounting)(
      { model: 'a/one', messages: [{ role: 'user', content: 'hi' }], stream: true, maxTokens },
      signal === undefined ? undefined : { signal },
    ),
    () => undefined,
  );
};

describe('a request that fits once others release their reservations', () => {
  test('waits for them', async () => {
    const { accounting, release, sleeps } = await accountingWithReservation('0.99');
    const answer = ask(accounting, 100_000);
    while (sleeps() < 3) await wait(1);
    release();
    expect((await answer).error).toBeUndefined();
  });

  test('can be interrupted while it waits', async () => {
    const { accounting, sleeps } = await accountingWithReservation('0.99');
    const controller = new AbortController();
    const answer = ask(accounting, 100_000, controller.signal);
    while (sleeps() < 3) await wait(1);
    controller.abort();
    expect((await answer).error).toBeDefined();
  });

  test('fails if they never do, and says who holds the reservations', async () => {
    const { accounting, sleeps } = await accountingWithReservation('0.99');
    expect((await ask(accounting, 100_000)).error).toMatchObject({
      code: 'budget',
      message: expect.stringContaining('$0.99 reserved by a request'),
    });
    expect(sleeps()).toBeGreaterThan(50);
  });
});

test('a request that would not fit even then fails immediately', async () => {
  const { accounting, sleeps } = await accountingWithReservation('0.000001', '0.00001');
  expect((await ask(accounting, 4000)).error).toMatchObject({ code: 'budget' });
  expect(sleeps()).toBe(0);
});

test('orx waits as long as something changes', async () => {
  const slept: number[] = [];
  const room = waitForRoom(async (ms) => void slept.push(ms), undefined);
  const standing = (spent: string): BudgetStanding => ({
    budget: { id: 1, period: 'day', limit: '1', warnAt: 1 },
    spent,
    reserved: '0.5',
    reservedByOthers: '0.5',
    reservations: 1,
    left: '0',
  });
  for (let change = 0; change < 5; change += 1) {
    for (let check = 0; check < 60; check += 1) expect(await room.pause([standing(String(change))], true)).toBe(true);
  }
  let more = 0;
  while (await room.pause([standing('5')], true)) more += 1;
  expect(more).toBeGreaterThan(50);
  expect(Math.max(...slept)).toBeLessThan(1000);
  // A longer answer alone is not worth a long wait.
  expect(await room.pause([standing('6')], false)).toBe(false);
});
