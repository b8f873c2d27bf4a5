import { randomBytes } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import type { Api } from '../../../src/apis/api.ts';
import type { Model } from '../../../src/apis/catalogue.ts';
import type { CompletionEvent } from '../../../src/apis/completion.ts';
import { collectAnswer } from '../../../src/core/answer/collect.ts';
import type { Accounting } from '../../../src/core/budget/accounting.ts';
import { record } from '../../../src/core/budget/record.ts';
import { entryId } from '../../../src/core/ledger/entry-id.ts';
import { pipeline } from '../../../src/core/pipeline/pipeline.ts';
import { OrxError } from '../../../src/errors.ts';
import { openLedger } from '../../../src/storage/ledger/open-ledger.ts';
import { makeModel } from '../../support/catalogue.ts';
import { userRequest } from '../../support/sandbox.ts';
import { tempFolder } from '../../support/temp-home.ts';

const start = (id: string): CompletionEvent => ({ type: 'response-start', id, model: 'a/one' });
const TEXT: CompletionEvent = { type: 'text-delta', text: 'some words' };
const END: CompletionEvent = { type: 'response-end', finishReason: 'stop' };
const usage = (cost?: string): CompletionEvent => ({
  type: 'usage',
  usage: { promptTokens: 9, completionTokens: 3, totalTokens: 12, cost, wire: {} },
});
const broken = (): OrxError => new OrxError('broke off', { kind: 'provider', status: 200, isRetryable: true });

/** Returns an API that plays one list per attempt and throws an error in a list at its place; each attempt takes 100 ms of the given clock. */
function played(attempts: readonly (CompletionEvent | Error)[][], clock: { now: number }): Api {
  let count = 0;
  return {
    id: 'played',
    async *streamCompletion() {
      const events = attempts[count]!;
      count += 1;
      clock.now += 100;
      for (const event of events) {
        if (event instanceof Error) throw event;
        yield event;
      }
    },
  };
}

async function ask(attempts: readonly (CompletionEvent | Error)[][], more: Partial<Api> = {}, models: readonly Model[] = []) {
  const ledger = await openLedger({ folder: tempFolder(), name: 'ledger' });
  onTestFinished(() => ledger.close());
  const clock = { now: Date.UTC(2026, 10, 24, 12) };
  const accounting: Accounting = {
    ledger,
    labels: { command: 'chat', conversation: 'c1', profile: 'default', project: '/work', api: 'test', vendor: 'openrouter' },
    turn: () => 'turn-1',
    now: () => clock.now,
    newId: () => entryId(clock.now, randomBytes(16)),
    limitsRequests: true,
    keepsPriceLimit: true,
    findModel: async () => undefined,
    addressOf: () => undefined,
    patienceMs: 60_000,
    waitsFor: 'others',
    sleep: async () => undefined,
    findPrices: async (names) => names.map(() => ({ model: undefined, endpoints: undefined })),
    note: (note) => expect(note).toBeUndefined(),
  };
  const stream = pipeline(
    { ...played(attempts, clock), ...more },
    {
      retries: 2,
      longestMs: 60_000,
      random: () => 0.5,
      sleep: async (ms) => void (clock.now += ms),
      now: () => clock.now,
      monotonic: () => clock.now,
      record: (inner) => record(inner, accounting),
      findModel: async (name) => models.find(({ id }) => id === name),
    },
  );
  const outcome = await collectAnswer(stream(userRequest('a/one')), () => undefined);
  return { ...outcome, entries: [...ledger.entries({})], sums: ledger.sums({}) };
}

test('every attempt has its own entry, with its cost, times and end', async () => {
  const { answer, entries, sums } = await ask([
    [start('gen-1'), usage('0'), broken()],
    [start('gen-2'), TEXT, usage('0.5'), END],
  ]);
  expect(entries).toMatchObject([
    { outcome: 'failed', generationId: 'gen-1', cost: '0', costSource: 'billed', durationMs: 100, turn: 'turn-1' },
    { outcome: 'complete', generationId: 'gen-2', cost: '0.5', costSource: 'billed', durationMs: 100, attempts: 1 },
  ]);
  expect(sums.cost).toBe('0.5');
  // The caller sees one answer, with the time since the first attempt.
  expect(answer).toMatchObject({
    id: 'gen-2',
    text: 'some words',
    usage: { cost: '0.5' },
    metrics: { durationMs: 700, timeToFirstTokenMs: 700 },
  });
});

test('rejected attempts leave entries without a cost, with their error', async () => {
  const busy = new OrxError('busy', { kind: 'rate-limit', status: 429, isRetryable: true });
  const { error, entries } = await ask([[busy], [busy], [busy]]);
  expect(error).toBe(busy);
  expect(entries).toHaveLength(3);
  for (const entry of entries) expect(entry).toMatchObject({ outcome: 'failed', cost: '0', errorKind: 'rate-limit' });
});

test('if an API states no cost, orx computes it from the listed prices and marks it as computed', async () => {
  const model = makeModel('a/one', { in: '0.000001', out: '0.00001' });
  const { answer, entries } = await ask([[start('gen-1'), TEXT, usage(), END]], {}, [model]);
  expect(answer.usage).toMatchObject({ cost: '0.000039', isComputed: true });
  expect(entries).toMatchObject([{ cost: '0.000039', costSource: 'computed' }]);
});

test.each([
  [200_000, '0.6258'],
  // A tier applies to all tokens of the request.
  [200_001, '1.244006'],
])(
  'for a prompt of %i tokens cached, written and reasoning tokens have their own prices, at the tier of its size',
  async (promptTokens, cost) => {
    const pricing = {
      prompt: '0.000003',
      completion: '0.000015',
      input_cache_read: '0.0000003',
      input_cache_write: '0.00000375',
      input_cache_write_1h: '0.000006',
      overrides: [
        {
          min_prompt_tokens: 200_000,
          prompt: '0.000006',
          completion: '0.0000225',
          input_cache_read: '0.0000005',
          input_cache_write: '0.0000075',
          input_cache_write_1h: '0.000012',
        },
      ],
    };
    const model = makeModel('a/one', {}, { pricing });
    const counts = { promptTokens, completionTokens: 1000, totalTokens: promptTokens + 1000, wire: {} };
    const parts = { cachedTokens: 1000, cacheWriteTokens: 6000, cacheWrite1hTokens: 4000, reasoningTokens: 400 };
    const event: CompletionEvent = { type: 'usage', usage: { ...counts, ...parts } };
    const { answer } = await ask([[start('gen-1'), TEXT, event, END]], {}, [model]);
    expect(answer.usage).toMatchObject({ cost, isComputed: true });
  },
);

test('a name listed without a price has the price of the requested name; a local model costs nothing, computed', async () => {
  const dated: CompletionEvent = { type: 'response-start', id: 'gen-1', model: 'openai:x-2026-01-02' };
  const unpriced = makeModel('openai:x-2026-01-02', {}, { pricing: {}, price_source: 'unknown' });
  const asked = makeModel('a/one', { in: '0.000001', out: '0.00001' });
  const { answer } = await ask([[dated, TEXT, usage(), END]], {}, [unpriced, asked]);
  expect(answer.usage).toMatchObject({ cost: '0.000039', isComputed: true });
  const neither = await ask([[dated, TEXT, usage(), END]], {}, [unpriced]);
  expect([neither.answer.usage?.cost, neither.entries[0]]).toMatchObject([undefined, { costSource: 'unknown' }]);
  const local = makeModel('a/one', { in: '0', out: '0' }, { price_source: 'local' });
  const free = await ask([[start('gen-1'), TEXT, usage(), END]], {}, [local]);
  expect([free.answer.usage, free.entries[0]]).toMatchObject([
    { cost: '0', isComputed: true },
    { cost: '0', costSource: 'computed' },
  ]);
});

test('an unknown price is not zero', async () => {
  const { answer, entries } = await ask([[start('gen-1'), TEXT, usage(), END]]);
  expect(answer.usage?.cost).toBeUndefined();
  expect(entries).toMatchObject([{ costSource: 'unknown' }]);
});

test('a stated cost stays, and orx does not recompute the costs of an API that routes', async () => {
  const model = makeModel('a/one', { in: '0.000001', out: '0.00001' });
  const stated = await ask([[start('gen-1'), TEXT, usage('0.1'), END]], {}, [model]);
  expect(stated.answer.usage).toMatchObject({ cost: '0.1' });
  expect(stated.answer.usage?.isComputed).toBeUndefined();
  const endpoints: Api['endpoints'] = {
    listEndpoints: async () => ({ endpoints: [], wire: {} }),
    listZdrEndpoints: async () => ({ endpoints: [] }),
  };
  const routed = await ask([[start('gen-1'), TEXT, usage(), END]], { endpoints }, [model]);
  expect(routed.answer.usage?.cost).toBeUndefined();
});
