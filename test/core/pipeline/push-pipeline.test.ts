import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Api } from '../../../src/apis/api.ts';
import type { ChatRequest, CompletionEvent } from '../../../src/apis/completion.ts';
import { pushEvents } from '../../../src/apis/push-events.ts';
import { collectAnswer, collectPushed, type Outcome } from '../../../src/core/answer/collect.ts';
import type { RequestRecord } from '../../../src/core/budget/request-record.ts';
import { pipeline, type PipelineOptions, pushPipeline } from '../../../src/core/pipeline/pipeline.ts';
import { OrxError } from '../../../src/errors.ts';
import type { ModelLimit } from '../../../src/storage/limits/shared-limits.ts';
import { userRequest } from '../../support/sandbox.ts';
import { recordWith } from '../../support/record-with.ts';

const BROKEN = new OrxError('broke off', { kind: 'provider', status: 502, isRetryable: true });
const SLOW_DOWN = new OrxError('too many', { kind: 'rate-limit', isRetryable: true, retryAfterMs: 7 });
const TOO_LATE = new OrxError('too many', { kind: 'rate-limit', isRetryable: true, retryAfterMs: 5000 });
const FINAL = new OrxError('refused', { kind: 'authentication' });

const event = fc.constantFrom<CompletionEvent>(
  { type: 'heartbeat', generationId: 'g' },
  { type: 'response-start', id: 'g', model: 'a/one' },
  { type: 'text-delta', text: 'some words' },
  { type: 'reasoning-delta', text: 'why' },
  { type: 'tool-call-delta', index: 0, id: 'c', name: 'f', arguments: '{}' },
  { type: 'usage', usage: { promptTokens: 9, completionTokens: 3, totalTokens: 12, cost: '0.01', wire: {} } },
  { type: 'usage', usage: { promptTokens: 9, completionTokens: 0, totalTokens: 9, cost: '0', wire: {} } },
);
const end = fc.constantFrom<CompletionEvent | Error>(
  { type: 'response-end', finishReason: 'stop' },
  { type: 'response-end', finishReason: 'content_filter' },
  BROKEN,
  SLOW_DOWN,
  TOO_LATE,
  FINAL,
);
const attempt = fc.tuple(fc.array(event, { maxLength: 5 }), end).map(([events, last]) => [...events, last]);

type Attempts = readonly (readonly (CompletionEvent | Error)[])[];

interface Asked {
  outcome: Outcome;
  log: string[];
}

/** Returns what came of a request in both ways, and everything that the reader, the ledger and the limits were told. */
async function both(attempts: Attempts, request: ChatRequest, more: Partial<PipelineOptions> = {}): Promise<[Asked, Asked]> {
  const asked = async (isPushed: boolean): Promise<Asked> => {
    const log: string[] = [];
    let [count, now] = [0, 0];
    const api: Api = {
      id: 'played',
      async *streamCompletion({ model }, options) {
        log.push(`send ${model}`);
        options?.onHeadroom?.({ requests: 1, resetMs: 5 } as never);
        const events = attempts[Math.min(count, attempts.length - 1)]!;
        count += 1;
        now += 10;
        for (const one of events) {
          if (one instanceof Error) throw one;
          yield one;
        }
      },
      ...(isPushed && { pushCompletion: (given, options, sink) => pushEvents(api.streamCompletion(given, options), sink) }),
    };
    const openRecord = async (given: ChatRequest): Promise<RequestRecord> => ({
      request: given,
      see: ({ type }) => void log.push(`record ${type}`),
      fail: async (error) => void log.push(`fail ${String(error)}`),
      leave: async () => void log.push('leave'),
    });
    const limit = {
      ask: async () => (log.push('ask'), count === 1 ? 3 - Math.min(3, now - 10) : 0),
      note: async () => void log.push('note'),
      succeed: async () => void log.push('succeed'),
      refuse: async ({ retryAfterMs }) => void log.push(`refuse ${retryAfterMs}`),
      leave: async () => void log.push('end'),
    } as Partial<ModelLimit> as ModelLimit;
    const options: Omit<PipelineOptions, 'record'> = {
      retries: 2,
      longestMs: 1000,
      sleep: async (ms) => {
        log.push(`sleep ${ms}`);
        now += ms;
      },
      random: () => 0.5,
      monotonic: () => now,
      now: () => now,
      limitOf: () => limit,
      findModel: async () => undefined,
      ...more,
    };
    const stream = pipeline(api, {
      ...options,
      record: recordWith(openRecord),
    });
    const show = (one: CompletionEvent): void => void log.push(`show ${JSON.stringify(one)}`);
    const { signal } = new AbortController();
    if (!isPushed) return { outcome: await collectAnswer(stream(request, { signal }), show), log };
    const push = pushPipeline(api, stream, { ...options, openRecord });
    return { outcome: await collectPushed((sink) => push(request, { signal }, sink), show), log };
  };
  return [await asked(false), await asked(true)];
}

test('a pushed answer has the events, retries, entries and limits of one that is pulled', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(attempt, { minLength: 1, maxLength: 4 }), async (attempts) => {
      const [pulled, pushed] = await both(attempts, userRequest('hi'));
      expect(pushed).toEqual(pulled);
    }),
    { numRuns: 300 },
  );
});

test('a stop during a wait ends both with its reason', async () => {
  const stopped = new OrxError('stopped', { kind: 'interrupted' });
  const sleep = async (): Promise<void> => {
    throw stopped;
  };
  const paid = [
    { type: 'usage', usage: { promptTokens: 9, completionTokens: 0, totalTokens: 9, cost: '0', wire: {} } },
    BROKEN,
  ] as const;
  const [pulled, pushed] = await both([paid], userRequest('hi'), { sleep });
  expect(pulled.outcome.error).toBe(stopped);
  expect(pushed).toEqual(pulled);
});

test.each<[string, Partial<ChatRequest>, Partial<PipelineOptions>]>([
  ['models that orx asks one after the other', { model: 'openai:a', fallbackModels: ['b/c'] }, {}],
  ['a model that may not be the requested one', {}, { isRequested: async () => false }],
])('%s: all stages apply', async (_, fields, more) => {
  const attempts = [[BROKEN], [BROKEN], [BROKEN], [{ type: 'response-start', id: 'g', model: 'b/c' }, BROKEN]] as const;
  const [pulled, pushed] = await both(attempts, { ...userRequest('hi'), ...fields }, more);
  expect(pulled.outcome.error).toBeDefined();
  expect(pulled.log.filter((one) => one.startsWith('send'))).not.toHaveLength(1);
  expect(pushed).toEqual(pulled);
});
