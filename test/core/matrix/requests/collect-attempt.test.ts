import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Api } from '../../../../src/apis/api.ts';
import type { ChatRequest, CompletionEvent } from '../../../../src/apis/completion.ts';
import { collectAnswer, type Outcome } from '../../../../src/core/answer/collect.ts';
import type { RequestRecord } from '../../../../src/core/budget/request-record.ts';
import { attemptCollector } from '../../../../src/core/matrix/requests/collect-attempt.ts';
import { pipeline } from '../../../../src/core/pipeline/pipeline.ts';
import { OrxError } from '../../../../src/errors.ts';
import type { ModelLimit } from '../../../../src/storage/limits/shared-limits.ts';
import { userRequest } from '../../../support/sandbox.ts';
import { recordWith } from '../../../support/record-with.ts';

const FAILURE = new OrxError('broke off', { kind: 'provider', status: 502, isRetryable: true });
const REFUSAL = new OrxError('too many', { kind: 'rate-limit', isRetryable: true, retryAfterMs: 7 });

const event = fc.constantFrom<CompletionEvent>(
  { type: 'heartbeat', generationId: 'g' },
  { type: 'response-start', id: 'g', model: 'a/one' },
  { type: 'text-delta', text: 'some words' },
  { type: 'reasoning-delta', text: 'why' },
  { type: 'tool-call-delta', index: 0, id: 'c', name: 'f', arguments: '{}' },
  { type: 'usage', usage: { promptTokens: 9, completionTokens: 3, totalTokens: 12, cost: '0.01', wire: {} } },
);
const end = fc.constantFrom<CompletionEvent | Error>(
  { type: 'response-end', finishReason: 'stop' },
  { type: 'response-end', finishReason: 'content_filter' },
  FAILURE,
);

function played(events: readonly (CompletionEvent | Error)[]): Api {
  return {
    id: 'played',
    async *streamCompletion(_, options) {
      options?.onHeadroom?.({ requests: 1, resetMs: 5 } as never);
      for (const one of events) {
        if (one instanceof Error) throw one;
        yield one;
      }
    },
  };
}

interface Asked {
  outcome: Outcome;
  log: string[];
}

/** Makes one attempt in both ways, and returns what came of it, and what the ledger and the limits were told. */
async function both(events: readonly (CompletionEvent | Error)[], request: ChatRequest): Promise<[Asked, Asked]> {
  const asked = async (isPushed: boolean): Promise<Asked> => {
    const log: string[] = [];
    const entry: RequestRecord = {
      request,
      see: ({ type }) => void log.push(type),
      fail: async (error) => void log.push(`fail ${String(error)}`),
      leave: async () => void log.push('leave'),
    };
    const limit: ModelLimit = {
      ask: async () => (log.push('ask'), 0),
      note: async () => void log.push('note'),
      succeed: async () => void log.push('succeed'),
      refuse: async ({ retryAfterMs }) => void log.push(`refuse ${retryAfterMs}`),
      leave: async () => void log.push('end'),
    } as Partial<ModelLimit> as ModelLimit;
    const api = played(events);
    const options = {
      retries: 0,
      longestMs: 1000,
      sleep: async () => undefined,
      random: () => 0.5,
      monotonic: () => 5,
      now: () => 5,
      limitOf: () => limit,
      findModel: async () => undefined,
    };
    const stream = pipeline(api, {
      ...options,
      record: recordWith(async () => entry),
    });
    const { signal } = new AbortController();
    if (!isPushed) return { outcome: await collectAnswer(stream(request, { signal }), () => undefined), log };
    const collect = attemptCollector({ ...options, api, stream, openRecord: async () => entry });
    return { outcome: await collect(request, signal), log };
  };
  return [await asked(false), await asked(true)];
}

test('an attempt whose answer is collected is like one whose events are streamed', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 8 }), end, async (events, last) => {
      const [streamed, pushed] = await both([...events, last], userRequest('hi'));
      expect(pushed).toEqual(streamed);
    }),
  );
});

test('a refusal is told to the limits of the model', async () => {
  const [streamed, pushed] = await both([REFUSAL], userRequest('hi'));
  expect(pushed.log).toContain('refuse 7');
  expect(pushed).toEqual(streamed);
  expect(pushed.outcome.error).toBe(REFUSAL);
});

test('models that orx asks one after the other go through all stages', async () => {
  const request = { ...userRequest('hi'), model: 'openai:a', fallbackModels: ['b/c'] };
  const [streamed, pushed] = await both([FAILURE], request);
  expect(pushed.log.filter((one) => one === 'ask')).toHaveLength(2);
  expect(pushed).toEqual(streamed);
});
