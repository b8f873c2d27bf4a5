import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Accounting, AccountingNote } from '../../../src/core/budget/accounting.ts';
import { record } from '../../../src/core/budget/record.ts';
import { collectAnswer } from '../../../src/core/answer/collect.ts';
import { entryId } from '../../../src/core/ledger/entry-id.ts';
import { periodSpans } from '../../../src/core/time/periods.ts';
import { OrxError } from '../../../src/errors.ts';
import { accountingNoteLines } from '../../../src/output/ledger/notes.ts';
import type { CompletionEvent, StreamCompletion } from '../../../src/apis/completion.ts';
import type { Ledger } from '../../../src/storage/ledger/ledger.ts';
import { openLedger } from '../../../src/storage/ledger/open-ledger.ts';
import { makeModel } from '../../support/catalogue.ts';
import { userRequest } from '../../support/sandbox.ts';
import { START } from '../../support/scripted-provider.ts';
import { tempFolder } from '../../support/temp-home.ts';

const HEAD: CompletionEvent = { type: 'heartbeat', generationId: 'gen-1' };
const TEXT: CompletionEvent = { type: 'text-delta', text: 'some words' };
const USAGE: CompletionEvent = {
  type: 'usage',
  usage: { promptTokens: 9, completionTokens: 3, totalTokens: 12, cost: '0.00002', wire: {} },
};
const END: CompletionEvent = { type: 'response-end', finishReason: 'stop' };

interface Services {
  ledger: Ledger;
  notes: AccountingNote[];
  time: { now: number };
  accounting: (events: () => AsyncIterable<CompletionEvent> | Iterable<CompletionEvent>) => StreamCompletion;
  sent: any[];
}

async function services(
  change: (ledger: Ledger) => Ledger = (ledger) => ledger,
  more: Partial<Accounting> = {},
): Promise<Services> {
  const opened = await openLedger({ folder: tempFolder(), name: 'ledger' });
  onTestFinished(() => opened.close());
  const ledger = change(opened);
  const notes: AccountingNote[] = [];
  const time = { now: Date.UTC(2026, 10, 24, 12) };
  const sent: any[] = [];
  const model = makeModel('a/one', { in: '0.000001', out: '0.00001' });
  const accounting: Accounting = {
    ledger,
    labels: { command: 'chat', conversation: 'c1', profile: 'default', project: '/work', api: 'test', vendor: 'openrouter' },
    turn: () => 'turn-1',
    now: () => time.now,
    newId: () => entryId(time.now, randomBytes(16)),
    limitsRequests: true,
    keepsPriceLimit: true,
    findModel: async (name) => (name === 'openai:listed' ? model : undefined),
    addressOf: () => undefined,
    patienceMs: 60_000,
    waitsFor: 'others',
    sleep: (ms, signal) => wait(ms, undefined, { signal }),
    findPrices: async (names) => names.map(() => ({ model, endpoints: undefined })),
    note: (note) => void notes.push(note),
    ...more,
  };
  return {
    ledger: opened,
    notes,
    time,
    sent,
    accounting: (events) =>
      record(async function* stream(request) {
        sent.push(request);
        yield* events();
      }, accounting),
  };
}

const read = (stream: StreamCompletion) => collectAnswer(stream(userRequest('a/one')), () => undefined);

describe('record', () => {
  it('adds the entry to the ledger before the request is sent, and its generation id before the answer', async () => {
    const { ledger, accounting } = await services();
    const seen: unknown[] = [];
    const check = (): void => void seen.push([...ledger.entries({})].map(({ state, generationId }) => [state, generationId]));
    await read(
      accounting(function* events() {
        check();
        yield HEAD;
        check();
        yield* [START, TEXT, USAGE, END];
      }),
    );
    check();
    expect(seen).toEqual([[['open', undefined]], [['open', 'gen-1']], [['settled', 'gen-1']]]);
  });

  it('records the caller, and counts the request toward the budgets of the key and of each tag', async () => {
    const { ledger, time, accounting } = await services();
    ledger.setBudget({ period: 'day', limit: '9', warnAt: 0.8, clientKey: 'laptop' });
    ledger.setBudget({ period: 'day', limit: '9', warnAt: 0.8, tag: 'red' });
    const stream = accounting(() => [HEAD, START, TEXT, USAGE, END]);
    const caller = { key: 'laptop', tags: ['blue', 'red'], user: 'ada' };
    await collectAnswer(stream(userRequest('a/one'), { caller }), () => undefined);
    await collectAnswer(stream(userRequest('openai:listed')), () => undefined);
    expect([...ledger.entries({})].map(({ vendor, clientKey, tags }) => [vendor, clientKey, tags]).sort()).toEqual([
      ['openai', undefined, undefined],
      ['openrouter', 'laptop', ['blue', 'red']],
    ]);
    const scope = {
      conversation: '',
      profile: '',
      project: '',
      models: [],
      vendor: '',
      spans: periodSpans(time.now),
      now: time.now,
    };
    const spent = (who: { clientKey?: string; tags: string[] }) => ledger.standings({ ...scope, ...who }).map((one) => one.spent);
    expect(spent({ clientKey: 'laptop', tags: ['red'] })).toEqual(['0.00002', '0.00002']);
  });

  it("rejects a client's request instead of shortening it, and says what would fit", async () => {
    const { ledger, sent, notes, accounting } = await services(undefined, { limitsRequests: false });
    ledger.setBudget({ period: 'day', limit: '0.01', warnAt: 0.8, project: '/work' });
    const ask = async (maxTokens?: number) =>
      (
        await collectAnswer(
          accounting(() => [HEAD, START, TEXT, USAGE, END])(userRequest('a/one', 'hi', { maxTokens })),
          () => undefined,
        )
      ).error as OrxError | undefined;
    const error = await ask(5000);
    expect(error).toMatchObject({ kind: 'credits', code: 'budget' });
    const { message, metadata } = error!.wire as { message: string; metadata: Record<string, any> };
    expect(metadata).toMatchObject({
      limit_source: 'orx_budget',
      budget: { number: 1, period: 'day', key: null },
      limit_usd: 0.01,
      spend_usd: 0,
      remaining_usd: 0.01,
      requested_max_tokens: 5000,
    });
    expect(message).toContain(`At most ${metadata['affordable_max_tokens']} tokens fit`);
    // The error that a client receives must not contain local paths.
    expect(JSON.stringify(error!.wire)).not.toContain('/work');
    expect([sent, notes, [...ledger.entries({})]]).toEqual([[], [], []]);
    expect(await ask(metadata['affordable_max_tokens'] + 1)).toMatchObject({ code: 'budget' });
    expect(await ask(metadata['affordable_max_tokens'])).toBeUndefined();
    expect(sent).toMatchObject([{ maxTokens: metadata['affordable_max_tokens'] }]);
  });

  it('limits searches under a budget, and reports costs that no budget can foresee', async () => {
    const { ledger, notes, sent, accounting } = await services();
    const request = {
      ...userRequest('a/one'),
      tools: [{ type: 'openrouter:web_search' } as const],
      extra: { n: 2, plugins: [{ id: 'fusion' }] },
    };
    const ask = () => collectAnswer(accounting(() => [HEAD, START, TEXT, USAGE, END])(request), () => undefined);
    await ask();
    expect({ notes, sent }).toEqual({ notes: [], sent: [request] });
    ledger.setBudget({ period: 'day', limit: '9', warnAt: 0.8 });
    await ask();
    expect(sent[1].tools).toEqual([{ type: 'openrouter:web_search', parameters: { max_uses: 2 } }]);
    expect(notes).toEqual([expect.objectContaining({ type: 'limited', searches: 2 }), { type: 'unbounded', names: ['fusion'] }]);
    expect(notes.flatMap(accountingNoteLines).join('\n')).toMatch(
      /at most 2 web searches.*\nwarning: the maximum cost of fusion is unknown/,
    );
  });

  it.each([
    ['openai:listed', 'estimated', expect.stringMatching(/^0\.0000[1-9]/)],
    ['openai:unlisted', 'unknown', undefined],
    // Its cost can be looked up.
    ['a/one', 'unknown', undefined],
  ])('settles an answer of %s that breaks off as %s', async (name, costSource, cost) => {
    const { ledger, accounting } = await services();
    const broken = accounting(function* events() {
      yield* [START, TEXT];
      throw new OrxError('cut', { kind: 'network' });
    });
    await expect(collectAnswer(broken(userRequest(name)), () => undefined)).resolves.toMatchObject({
      error: { kind: 'network' },
    });
    const [entry, ...others] = [...ledger.entries({})];
    expect(others).toEqual([]);
    expect([entry?.outcome, entry?.costSource, entry?.cost]).toEqual(['failed', costSource, cost]);
  });

  it('settles an answer that its reader abandons as stopped', async () => {
    const { ledger, accounting } = await services();
    for await (const event of accounting(() => [HEAD, START, TEXT, TEXT, USAGE, END])(userRequest('a/one'))) {
      if (event.type === 'text-delta') break;
    }
    expect([...ledger.entries({})]).toMatchObject([{ outcome: 'stopped', generationId: 'gen-1', costSource: 'unknown' }]);
  });

  it.each<[string, OrxError, Record<string, unknown>]>([
    [
      'refused by the API',
      new OrxError('no', { kind: 'rate-limit', status: 429 }),
      { errorKind: 'rate-limit', cost: '0', costSource: 'billed' },
    ],
    [
      'without a connection',
      new OrxError('no', { kind: 'network', code: 'refused' }),
      { errorKind: 'network', cost: '0', costSource: 'billed' },
    ],
    [
      'silent after it was sent',
      new OrxError('no', { kind: 'network', code: 'first-byte-timeout' }),
      { errorKind: 'network', costSource: 'unknown' },
    ],
  ])('estimates the cost of a request that was %s', async (_name, error, expected) => {
    const { ledger, accounting } = await services();
    const outcome = await read(
      // oxlint-disable-next-line require-yield -- it fails before it yields anything
      accounting(function* events() {
        throw error;
      }),
    );
    expect(outcome.error).toBe(error);
    expect([...ledger.entries({})]).toMatchObject([{ outcome: 'failed', ...expected }]);
  });

  it('counts every attempt of the API', async () => {
    const { ledger, accounting } = await services();
    const routing: CompletionEvent = {
      type: 'routing',
      attempts: [
        { provider: 'A', status: 503 },
        { provider: 'B', status: 200 },
      ],
    };
    await read(accounting(() => [HEAD, START, TEXT, routing, USAGE, END]));
    expect([...ledger.entries({})]).toMatchObject([{ attempts: 2 }]);
  });

  it('reserves the maximum cost during the request, extended with every event, and nothing afterwards', async () => {
    const { ledger, time, accounting, sent } = await services();
    ledger.setBudget({ period: 'conversation', limit: '1', warnAt: 0.8 });
    const day = { start: 0, end: time.now * 2 };
    const pending = () => {
      const scope = {
        conversation: 'c1',
        profile: '',
        project: '',
        models: [],
        vendor: 'openrouter',
        tags: [],
        spans: { day, week: day, month: day },
        now: time.now,
      };
      return ledger.standings(scope)[0]!.reserved;
    };
    const seen: string[] = [];
    await read(
      accounting(function* events() {
        yield HEAD;
        seen.push(pending());
        // Each pause is shorter than the timeout; together they are longer.
        for (let step = 0; step < 4; step += 1) {
          time.now += 40_000;
          yield { type: 'heartbeat' };
          seen.push(pending());
        }
        yield* [START, TEXT, USAGE, END];
      }),
    );
    expect(Number(seen[0])).toBeGreaterThan(0.1);
    expect(new Set(seen).size).toBe(1);
    expect(pending()).toBe('0');
    // Only the catalogue's price is known, so no more expensive provider may answer.
    expect(sent[0].routing).toEqual({ maxPrice: { prompt: '1', completion: '10' } });
  });

  it('answers if the ledger fails, and reports it', async () => {
    const refuse = (): never => {
      throw new OrxError('the disk is full', { kind: 'unexpected', code: 'ledger-unwritable' });
    };
    const { notes, accounting } = await services((ledger) => ({ ...ledger, open: refuse }));
    const { answer, error } = await read(accounting(() => [HEAD, START, TEXT, USAGE, END]));
    expect(error).toBeUndefined();
    expect(answer.text).toBe('some words');
    expect(notes).toMatchObject([{ type: 'unrecorded', error: { message: 'the disk is full' } }]);
  });

  it('still stops at a budget if the ledger is read-only', async () => {
    const refuse = (): never => {
      throw new OrxError('the disk is full', { kind: 'unexpected', code: 'ledger-unwritable' });
    };
    const { ledger, accounting, sent } = await services((opened) => ({ ...opened, open: refuse }));
    ledger.setBudget({ period: 'request', limit: '0.0001', warnAt: 0.8 });
    const { error } = await read(accounting(() => [HEAD, START, TEXT, USAGE, END]));
    expect(error).toMatchObject({ kind: 'credits', code: 'budget' });
    expect(sent).toEqual([]);
  });
});
