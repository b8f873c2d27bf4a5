import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { askParts, FailureLimit } from '../../../src/core/text-rows/ask-parts.ts';
import { batchRows } from '../../../src/core/text-rows/batches.ts';
import { bestFirst } from '../../../src/core/text-rows/best-first.ts';
import { inOrder } from '../../../src/core/text-rows/in-order.ts';
import { RequestTotals } from '../../../src/core/text-rows/request-totals.ts';
import type { InputRow } from '../../../src/core/text-rows/row.ts';
import { estimateTokens } from '../../../src/core/tokens/estimate-tokens.ts';
import { OrxError } from '../../../src/errors.ts';
import { newGate } from '../../support/api-server.ts';

const row = (text: string, index = 0): InputRow => ({ index, place: '', text, source: text });

async function* listed<T>(items: Iterable<T>): AsyncGenerator<T> {
  yield* items;
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const never = (signal: AbortSignal): Promise<void> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
const options = { most: 3, mostTokens: 1000, silence: never, isStopped: () => false };

describe('batches', () => {
  test('have all rows in order, and keep both limits', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.integer({ min: 1, max: 30 }))),
        fc.integer({ min: 1, max: 5 }),
        async (chunks, most) => {
          const rows = chunks.map((sizes) => sizes.map((size) => row('word '.repeat(size).trim())));
          const batches = await collect(batchRows(listed(rows), { ...options, most, mostTokens: 40 }));
          expect(batches.flat()).toEqual(rows.flat());
          for (const batch of batches) {
            expect(batch.length).toBeGreaterThan(0);
            expect(batch.length).toBeLessThanOrEqual(most);
            const tokens = batch.reduce((sum, { text }) => sum + estimateTokens(text), 0);
            expect(batch.length === 1 || tokens <= 40).toBe(true);
          }
        },
      ),
    );
  });

  test('do not wait for more rows while the input is silent', async () => {
    const gate = newGate();
    async function* slow(): AsyncGenerator<readonly InputRow[]> {
      yield [row('a')];
      await gate.opened;
      yield [row('b')];
    }
    const batches = batchRows(slow(), { ...options, silence: async () => undefined });
    expect((await batches.next()).value).toEqual([row('a')]);
    gate.open();
    expect((await batches.next()).value).toEqual([row('b')]);
    expect((await batches.next()).done).toBe(true);
  });

  test('end when nothing further is sent, and pass on a failure of the input', async () => {
    let isStopped = false;
    const batches = batchRows(listed([[row('a'), row('b')], [row('c')]]), { ...options, most: 1, isStopped: () => isStopped });
    expect((await batches.next()).value).toEqual([row('a')]);
    isStopped = true;
    expect((await batches.next()).done).toBe(true);
    async function* broken(): AsyncGenerator<readonly InputRow[]> {
      yield [row('a')];
      throw new Error('unreadable');
    }
    await expect(collect(batchRows(broken(), options))).rejects.toThrow('unreadable');
  });
});

describe('results in order', () => {
  test('whatever the order in which the work ends, with a limit on what runs', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.nat(12), fc.integer({ min: 1, max: 4 }), async (scheduler, count, atOnce) => {
        let [running, most] = [0, 0];
        const items = Array.from({ length: count }, (_, at) => at);
        const work = async (item: number): Promise<number> => {
          running += 1;
          most = Math.max(most, running);
          await scheduler.schedule(Promise.resolve());
          running -= 1;
          return item * 2;
        };
        const all = collect(inOrder(listed(items), work, { atOnce, ahead: 6 }));
        await scheduler.waitFor(all);
        expect(await all).toEqual(items.map((item) => item * 2));
        expect(most).toBeLessThanOrEqual(atOnce);
      }),
    );
  });

  test('a failure of the items comes after the results before it', async () => {
    async function* broken(): AsyncGenerator<number> {
      yield 1;
      yield 2;
      throw new Error('unreadable');
    }
    const seen: number[] = [];
    await expect(
      (async () => {
        for await (const one of inOrder(broken(), async (item) => item, { atOnce: 2, ahead: 2 })) seen.push(one);
      })(),
    ).rejects.toThrow('unreadable');
    expect(seen).toEqual([1, 2]);
  });

  test('leaving early begins nothing further', async () => {
    const begun: number[] = [];
    const work = async (item: number): Promise<number> => (begun.push(item), item);
    for await (const one of inOrder(listed([1, 2, 3, 4, 5, 6, 7, 8]), work, { atOnce: 1, ahead: 2 })) if (one === 1) break;
    expect(begun.length).toBeLessThan(8);
  });
});

describe('a request that is too long', () => {
  const tooLong = new OrxError('too long', { kind: 'usage', reason: 'context-length', status: 400 });

  test('is sent in halves, down to the row that is too long', async () => {
    let requests = 0;
    const parts = await askParts(['a', 'b', 'LONG', 'd', 'e'], async (rows) => {
      requests += 1;
      if (rows.includes('LONG')) throw tooLong;
      return rows.join('');
    });
    expect(parts).toEqual([
      { rows: ['a', 'b'], reply: 'ab' },
      { rows: ['LONG'], error: tooLong },
      { rows: ['d', 'e'], reply: 'de' },
    ]);
    expect(requests).toBe(5);
  });

  test('any other failure is that of all rows: they are not sent again', async () => {
    const failure = new OrxError('down', { kind: 'provider', status: 502 });
    let requests = 0;
    const parts = await askParts(['a', 'b'], async () => {
      requests += 1;
      throw failure;
    });
    expect([parts, requests]).toEqual([[{ rows: ['a', 'b'], error: failure }], 1]);
  });

  test('does not end the command, unlike failures that every request would have, or several in a row', () => {
    const failed = (error: unknown) => ({ rows: [], error });
    const limit = new FailureLimit();
    expect(limit.see(failed(tooLong))).toBe(false);
    for (const kind of ['authentication', 'credits', 'no-endpoint', 'usage', 'interrupted'] as const)
      expect(limit.see(failed(new OrxError('x', { kind })))).toBe(true);
    const down = new OrxError('down', { kind: 'provider' });
    expect([limit.see(failed(down)), limit.see(failed(down)), limit.see({ rows: [], reply: 1 })]).toEqual([false, false, false]);
    expect([1, 2, 3].map(() => limit.see(failed(down)))).toEqual([false, false, true]);
    expect(new FailureLimit().see(failed(new Error('bug')))).toBe(true);
  });
});

test('totals add exactly, and never count an unknown cost as 0', () => {
  const totals = new RequestTotals();
  const usage = { promptTokens: 3, completionTokens: 0, totalTokens: 3, wire: {} };
  totals.add({ model: 'a/b', provider: 'P', usage: { ...usage, cost: '0.1' } }, 2);
  totals.add({ model: 'a/c', usage: { ...usage, cost: '0.2', isComputed: true, searchUnits: 1 } }, 3);
  expect(totals.sums()).toEqual({
    requests: 2,
    texts: 5,
    tokens: 6,
    searchUnits: 1,
    cost: '0.3',
    withoutCost: 0,
    isComputed: true,
    model: 'a/b',
    provider: 'P',
  });
  totals.add({ model: 'a/b' }, 1);
  totals.addUnknown();
  expect(totals.sums()).toMatchObject({ requests: 4, texts: 6, cost: '0.3', withoutCost: 2 });
  expect(new RequestTotals().sums()).toMatchObject({ requests: 0, cost: undefined, tokens: undefined });
});

test('the most relevant documents come first, equal ones in the order of the input', () => {
  const scored = [0.2, 0.9, 0.2, 0.5].map((score, index) => ({ row: row('', index), score }));
  expect(bestFirst(scored).map(({ row: { index } }) => index)).toEqual([1, 3, 0, 2]);
  expect(bestFirst(scored, 2).map(({ row: { index } }) => index)).toEqual([1, 3]);
});
