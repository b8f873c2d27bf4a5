import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Answer, EMPTY_ANSWER, reduceAnswer } from '../../../src/core/answer/answer.ts';
import { collectAnswer } from '../../../src/core/answer/collect.ts';
import { lookUpCost } from '../../../src/core/answer/look-up-cost.ts';
import { measure } from '../../../src/core/pipeline/measure.ts';
import { retry } from '../../../src/core/pipeline/retry.ts';
import { OrxError } from '../../../src/errors.ts';
import type { ChatRequest, CompletionEvent, StreamCompletion } from '../../../src/apis/completion.ts';
import type { Api } from '../../../src/apis/api.ts';
import { scriptedProvider } from '../../support/scripted-provider.ts';
import { gather } from '../../support/byte-pieces.ts';
import { turns } from '../../support/turns.ts';
import { virtualSleep } from '../../support/virtual-time.ts';

const REQUEST: ChatRequest = { model: 'a/b', messages: [], stream: true };
const START: CompletionEvent = { type: 'response-start', id: 'gen-1', model: 'a/b' };
const END: CompletionEvent = { type: 'response-end', finishReason: 'stop' };
const text = (value: string): CompletionEvent => ({ type: 'text-delta', text: value });
const usage = (cost: string): CompletionEvent => ({
  type: 'usage',
  usage: { promptTokens: 10, completionTokens: 5, totalTokens: 15, cost, wire: {} },
});
const busy = (facts: object = {}): OrxError => new OrxError('busy', { kind: 'provider', isRetryable: true, ...facts });

/** Returns a stream that plays one list per attempt; an error in a list is thrown at its place. */
function scripted(...attempts: readonly (CompletionEvent | Error)[][]): StreamCompletion & { count: number } {
  const stream = Object.assign(
    async function* play(): AsyncGenerator<CompletionEvent> {
      const attempt = attempts[stream.count] ?? [];
      stream.count += 1;
      for (const item of attempt) {
        if (item instanceof Error) throw item;
        yield item;
      }
    },
    { count: 0 },
  );
  return stream;
}

describe('retry', () => {
  const waits: number[] = [];
  const options = {
    retries: 2,
    random: () => 0.5,
    monotonic: () => 0,
    longestMs: 60_000,
    sleep: async (ms: number) => void waits.push(ms),
  };
  const run = async (stream: StreamCompletion, retries = 2): Promise<{ events: CompletionEvent[]; error?: unknown }> => {
    waits.length = 0;
    const events: CompletionEvent[] = [];
    try {
      for await (const event of retry(stream, { ...options, retries })(REQUEST)) events.push(event);
      return { events };
    } catch (error) {
      return { events, error };
    }
  };
  const types = (events: readonly CompletionEvent[]): string[] => events.map((event) => event.type);

  test.each<[string, CompletionEvent]>([
    ['a cost', usage('0.25')],
    [
      'tokens whose cost is not known',
      { type: 'usage', usage: { promptTokens: 1, completionTokens: 1, totalTokens: 2, wire: {} } },
    ],
  ])('never retries an attempt that was billed: %s', async (_name, billed) => {
    const stream = scripted([START, billed, busy()], [START, text('again'), END]);
    const { events, error } = await run(stream);
    expect(error).toMatchObject({ message: 'busy' });
    expect(stream.count).toBe(1);
    expect(events).toEqual([START, billed]);
  });

  test('retries an attempt that cost nothing', async () => {
    const { events, error } = await run(scripted([START, usage('0'), busy()], [START, text('well'), usage('0.5'), END]));
    expect(error).toBeUndefined();
    expect(events.filter(({ type }) => type === 'usage')).toMatchObject([{ usage: { cost: '0.5' } }]);
  });

  test.each<[string, number[], number[]]>([
    ['fits', [20_000, 39_000], [20_000, 39_000]],
    ['would end later', [20_000, 41_000], [20_000]],
  ])('the total time for retries includes the waits before: a second one that %s', async (_name, asked, expected) => {
    let now = 0;
    waits.length = 0;
    const stream = scripted(...asked.map((retryAfterMs) => [busy({ retryAfterMs })]), [START, text('ok'), END]);
    const sleep = async (ms: number): Promise<void> => {
      waits.push(ms);
      now += ms;
    };
    await gather(retry(stream, { ...options, monotonic: () => now, sleep })(REQUEST)).catch(() => undefined);
    expect(waits).toEqual(expected);
  });

  test('retries failures before the first token, and reports them', async () => {
    const { events, error } = await run(scripted([START, busy()], [busy()], [START, text('well'), END]));
    expect(error).toBeUndefined();
    expect(types(events)).toEqual(['retry', 'retry', 'response-start', 'text-delta', 'response-end']);
    expect(waits).toEqual([500, 1000]);
  });

  test('gives up after its retries, with the last error', async () => {
    const last = busy();
    const { error } = await run(scripted([busy()], [busy()], [last]));
    expect(error).toBe(last);
  });

  test.each<[string, (CompletionEvent | Error)[]]>([
    ['text was shown', [START, text('half'), busy()]],
    ['reasoning was shown', [START, { type: 'reasoning-delta', text: 'hm' }, busy()]],
    ['it will not pass', [START, new OrxError('no', { kind: 'credits' })]],
    ['the error is none of the API', [new Error('bug')]],
    ['the server asks for a long wait', [busy({ retryAfterMs: 61_000 })]],
  ])('does not retry if %s', async (_name, attempt) => {
    const stream = scripted(attempt, [START, text('again'), END]);
    const { error } = await run(stream);
    expect(error).toBe(attempt.at(-1));
    expect(stream.count).toBe(1);
  });

  test('waits as long as the server asks', async () => {
    await run(scripted([busy({ retryAfterMs: 7000 })], [START, text('ok'), END]));
    expect(waits).toEqual([7000]);
  });

  test('heartbeats pass immediately, even before anything else is known', async () => {
    const { events } = await run(scripted([{ type: 'heartbeat' }, START, text('a'), END]));
    expect(types(events)).toEqual(['heartbeat', 'response-start', 'text-delta', 'response-end']);
  });

  test('model and cost are reported even if nothing was visible', async () => {
    const usage: CompletionEvent = { type: 'usage', usage: { promptTokens: 1, completionTokens: 0, totalTokens: 1, wire: {} } };
    expect(types((await run(scripted([START, usage, END]))).events)).toEqual(['response-start', 'usage', 'response-end']);
    expect(types((await run(scripted([START, usage, new OrxError('no', { kind: 'provider' })]))).events)).toEqual([
      'response-start',
      'usage',
    ]);
  });
});

describe('measure', () => {
  /** A clock that advances by 100 ms each time it is read. */
  const ticking = (): (() => number) => {
    let now = 0;
    return () => (now += 100);
  };

  test('adds the times just before the end', async () => {
    const usage: CompletionEvent = { type: 'usage', usage: { promptTokens: 1, completionTokens: 20, totalTokens: 21, wire: {} } };
    const events = await gather(measure(scripted([START, text('a'), text('b'), usage, END]), ticking())(REQUEST));
    expect(events.at(-1)).toEqual(END);
    // Start 100, first token 200, end 300: 20 tokens in 100 ms.
    expect(events.at(-2)).toEqual({ type: 'metrics', metrics: { timeToFirstTokenMs: 100, durationMs: 200, throughput: 200 } });
  });

  test('adds the times before a failure as well', async () => {
    const { answer, error } = await collectAnswer(
      measure(scripted([START, text('half'), busy()]), ticking())(REQUEST),
      () => undefined,
    );
    expect(error).toMatchObject({ message: 'busy' });
    expect(answer).toMatchObject({ text: 'half', metrics: { timeToFirstTokenMs: 100, durationMs: 200, throughput: undefined } });
  });

  test('a reply in one piece has no throughput, and one without tokens has no time to the first token', async () => {
    const usage: CompletionEvent = { type: 'usage', usage: { promptTokens: 1, completionTokens: 20, totalTokens: 21, wire: {} } };
    const whole = await gather(measure(scripted([START, text('all of it'), usage, END]), ticking())(REQUEST));
    expect(whole.at(-2)).toMatchObject({ metrics: { throughput: undefined } });
    const empty = await gather(measure(scripted([START, END]), ticking())(REQUEST));
    expect(empty.at(-2)).toMatchObject({ metrics: { timeToFirstTokenMs: undefined } });
  });

  test('sends no request before it is read', async () => {
    const stream = scripted([START, END]);
    const waiting = measure(stream, ticking())(REQUEST);
    expect(stream.count).toBe(0);
    await gather(waiting);
    expect(stream.count).toBe(1);
  });
});

describe('reduceAnswer', () => {
  test('joins the pieces, for any cut', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.array(fc.string()), (texts, thoughts) => {
        const events: CompletionEvent[] = [
          ...thoughts.map((value): CompletionEvent => ({ type: 'reasoning-delta', text: value })),
          ...texts.map(text),
        ];
        const answer: Answer = events.reduce(reduceAnswer, EMPTY_ANSWER);
        expect(answer).toMatchObject({ text: texts.join(''), reasoning: thoughts.join('') });
      }),
    );
  });

  test('an index far beyond the known tool calls allocates no memory for them', () => {
    const answer = reduceAnswer(EMPTY_ANSWER, { type: 'tool-call-delta', index: 4_000_000_000, name: 'f', arguments: '{}' });
    expect(answer.toolCalls).toEqual([{ id: 'call_0', name: 'f', arguments: '{}' }]);
  });
});

describe('lookUpCost', () => {
  const generation = (cost: string | undefined) => ({ id: 'gen-1', cost, wire: {} });
  const sleep = virtualSleep();
  const provider = (getGeneration: Api['getGeneration']): Api => ({ ...scriptedProvider(() => []), getGeneration });

  test('polls until the cost is known', async () => {
    let count = 0;
    const late = provider(async () => {
      count += 1;
      if (count < 3) throw new OrxError('not yet', { kind: 'no-endpoint', status: 404 });
      return generation('0.01');
    });
    expect(await lookUpCost(late, 'gen-1', sleep)).toMatchObject({ id: 'gen-1', cost: '0.01' });
  });

  test('waits for a poll in progress when its time is over', async () => {
    const slow = provider(async () => {
      await sleep(9000);
      return generation('0.02');
    });
    expect(await lookUpCost(slow, 'gen-1', sleep)).toMatchObject({ cost: '0.02' });
  });

  test('gives up, also on a server that never answers', async () => {
    expect(
      await lookUpCost(
        provider(async () => generation(undefined)),
        'gen-1',
        sleep,
      ),
    ).toBeUndefined();
    const mute = provider(
      (_, options) =>
        new Promise((_resolve, reject) => options?.signal?.addEventListener('abort', () => reject(new Error('aborted')))),
    );
    expect(await lookUpCost(mute, 'gen-1', sleep)).toBeUndefined();
    expect(await lookUpCost(mute, 'gen-1', sleep, AbortSignal.abort())).toBeUndefined();
  });
});

describe('collectAnswer', () => {
  test('a slow reader slows down the stream', async () => {
    const order: string[] = [];
    async function* stream(): AsyncGenerator<CompletionEvent> {
      for (const value of ['a', 'b']) {
        order.push(`send ${value}`);
        yield text(value);
      }
    }
    await collectAnswer(stream(), async (event) => {
      await turns(3);
      if (event.type === 'text-delta') order.push(`read ${event.text}`);
    });
    expect(order).toEqual(['send a', 'read a', 'send b', 'read b']);
  });
});
