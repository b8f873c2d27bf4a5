import { describe, expect, test } from 'vitest';
import type { ChatRequest, CompletionEvent, StreamCompletion } from '../../../src/apis/completion.ts';
import { retry } from '../../../src/core/pipeline/retry.ts';
import { OrxError } from '../../../src/errors.ts';
import type { ModelLimit } from '../../../src/storage/limits/shared-limits.ts';

const REQUEST: ChatRequest = { model: 'a/b', messages: [], stream: true };
const ANSWER: CompletionEvent[] = [
  { type: 'response-start', id: 'gen-1', model: 'a/b' },
  { type: 'text-delta', text: 'yes' },
  { type: 'metrics', metrics: { durationMs: 100 } },
  { type: 'response-end' },
];
const tooMany = (facts: object = {}): OrxError =>
  new OrxError('too many requests', { kind: 'rate-limit', status: 429, isRetryable: true, retryAfterMs: 2000, ...facts });

/** A limit that answers with these waits, then admits; and what it was told. */
function scriptedLimit(waits: readonly (number | undefined)[]): ModelLimit & { told: string[] } {
  const told: string[] = [];
  let asked = 0;
  return {
    told,
    ask: async () => (asked < waits.length ? waits[asked++] : 0),
    expect: () => undefined,
    succeed: async () => void told.push('succeed'),
    refuse: async ({ retryAfterMs, rate }) => void told.push(`refuse ${retryAfterMs} ${rate?.requests ?? '-'}`),
    note: async ({ requests, forMs }) => void told.push(`note ${requests} ${forMs}`),
    leave: async () => void told.push('leave'),
  };
}

async function run(
  limit: ModelLimit | undefined,
  attempts: readonly (readonly (CompletionEvent | Error)[])[],
  more: object = {},
) {
  let now = 0;
  let count = 0;
  const stream: StreamCompletion = async function* play() {
    for (const item of attempts[count++] ?? []) {
      if (item instanceof Error) throw item;
      yield item;
    }
  };
  const events: CompletionEvent[] = [];
  const paced = retry(stream, {
    retries: 1,
    longestMs: 60_000,
    random: () => 0.5,
    monotonic: () => now,
    sleep: async (ms: number) => void (now += ms),
    limitOf: () => limit,
    ...more,
  });
  try {
    for await (const event of paced(REQUEST)) events.push(event);
    return { events, count, error: undefined };
  } catch (error) {
    return { events, count, error };
  }
}

describe('an attempt under a limit', () => {
  test('waits before it is sent, reports the wait, and reports its end', async () => {
    const limit = scriptedLimit([5000, 0]);
    const { events } = await run(limit, [ANSWER]);
    expect(events[0]).toEqual({ type: 'waiting', waitMs: 5000 });
    // The wait is not part of the time of the answer.
    expect(events.find(({ type }) => type === 'metrics')).toEqual({ type: 'metrics', metrics: { durationMs: 100 } });
    expect(limit.told).toEqual(['succeed']);
  });

  test('reports the same wait once, however often it looks', async () => {
    const { events } = await run(scriptedLimit([100, 100, 100, 100, 0]), [ANSWER]);
    expect(events.filter(({ type }) => type === 'waiting')).toHaveLength(1);
  });

  test('that would wait for longer than the maximum fails with exit code 5, and is not sent', async () => {
    const limit = scriptedLimit([61_000]);
    const { error, count } = await run(limit, [ANSWER]);
    expect(error).toMatchObject({ kind: 'rate-limit', code: 'shared-limit', retryAfterMs: 61_000 });
    expect(count).toBe(0);
    expect(limit.told).toEqual(['leave']);
  });

  test('stopped while it waits leaves the limit', async () => {
    const limit = scriptedLimit([5000]);
    const stopped = new OrxError('stopped', { kind: 'interrupted' });
    const { error, count } = await run(limit, [ANSWER], { sleep: () => Promise.reject(stopped) });
    expect(error).toBe(stopped);
    expect(count).toBe(0);
    expect(limit.told).toEqual(['leave']);
  });

  test('teaches the limit when it is refused, and takes a new turn for its retry', async () => {
    const limit = scriptedLimit([undefined, 0]);
    const { events, count } = await run(limit, [[tooMany({ rate: { requests: 8, windowMs: 60_000 } })], ANSWER]);
    expect(count).toBe(2);
    expect(events.map(({ type }) => type).slice(0, 2)).toEqual(['retry', 'response-start']);
    expect(limit.told).toEqual(['refuse 2000 8', 'succeed']);
  });

  test.each([
    ['a daily quota', tooMany({ isRetryable: false })],
    ['another failure', new OrxError('down', { kind: 'provider', status: 503 })],
  ])('teaches nothing when it fails with %s', async (_name, failure) => {
    const limit = scriptedLimit([undefined]);
    await run(limit, [[failure]]);
    expect(limit.told).toEqual([]);
  });

  test('teaches what its reply leaves, but not that nothing is left again right after a wait', async () => {
    const told = async (waits: readonly number[], requests: number): Promise<string[]> => {
      const limit = scriptedLimit(waits);
      const stream: StreamCompletion = async function* play(_, options) {
        options!.onHeadroom!({ requests, forMs: 1000 });
        yield* ANSWER;
      };
      const paced = retry(stream, {
        retries: 0,
        longestMs: 60_000,
        random: () => 0.5,
        monotonic: () => 0,
        sleep: async () => undefined,
        limitOf: () => limit,
      });
      for await (const _ of paced(REQUEST));
      return limit.told;
    };
    expect(await told([0], 0)).toEqual(['note 0 1000', 'succeed']);
    expect(await told([50, 0], 1)).toEqual(['note 1 1000', 'succeed']);
    expect(await told([50, 0], 0)).toEqual(['succeed']);
  });

  test('whose reader stops leaves the limit', async () => {
    const limit = scriptedLimit([0]);
    const stream = retry(
      async function* play() {
        yield* ANSWER;
      },
      {
        retries: 0,
        longestMs: 1000,
        random: () => 0.5,
        monotonic: () => 0,
        sleep: async () => undefined,
        limitOf: () => limit,
      },
    );
    for await (const event of stream(REQUEST)) if (event.type === 'text-delta') break;
    expect(limit.told).toEqual(['leave']);
  });
});
