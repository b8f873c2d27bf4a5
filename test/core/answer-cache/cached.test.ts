import { describe, expect, test } from 'vitest';
import type { ChatRequest, CompletionEvent, StreamOptions } from '../../../src/apis/completion.ts';
import { type AnswerStore, cached, type KeptAnswer } from '../../../src/core/answer-cache/cached.ts';
import { OrxError } from '../../../src/errors.ts';

const ASK: ChatRequest = { model: 'a/b', messages: [{ role: 'user', content: 'hi' }], stream: true, temperature: 0.5 };
const USAGE = { promptTokens: 5, completionTokens: 2, totalTokens: 7, cost: '0.01', isComputed: true, wire: { cost: 0.01 } };
const ANSWER: CompletionEvent[] = [
  { type: 'heartbeat' },
  { type: 'chunk', data: '{"usage":{"cost":0.01}}' },
  { type: 'response-start', id: 'gen-1', model: 'a/b' },
  { type: 'text-delta', text: 'Hel' },
  { type: 'text-delta', text: 'lo' },
  { type: 'usage', usage: USAGE },
  { type: 'metrics', metrics: { durationMs: 1 } },
  { type: 'response-end', finishReason: 'stop' },
];

/** Returns a cache in front of an API that gives the same answer each time. */
function caching(answer: readonly CompletionEvent[] = ANSWER, failure?: unknown) {
  const kept = new Map<string, KeptAnswer>();
  const clock = { now: 1000 };
  const store: AnswerStore = { get: async (key) => kept.get(key), set: async (key, value) => void kept.set(key, value) };
  let calls = 0;
  const stream = cached(
    async function* () {
      calls += 1;
      yield* answer;
      if (failure !== undefined) throw failure;
    },
    { store, now: () => clock.now },
  );
  const ask = async (request: ChatRequest = ASK, options: StreamOptions = {}): Promise<CompletionEvent[]> => {
    const events: CompletionEvent[] = [];
    for await (const event of stream(request, options)) events.push(event);
    return events;
  };
  return { ask, kept, clock, calls: () => calls };
}

describe('an answer cache', () => {
  test('returns the answer to the same request again, at no cost, without a request', async () => {
    const { ask, clock, calls } = caching();
    expect(await ask()).toEqual(ANSWER);
    clock.now = 4000;
    expect(await ask()).toEqual([
      { type: 'cached', ageMs: 3000 },
      { type: 'response-start', id: 'gen-1', model: 'a/b' },
      { type: 'text-delta', text: 'Hel' },
      { type: 'text-delta', text: 'lo' },
      { type: 'usage', usage: { promptTokens: 5, completionTokens: 2, totalTokens: 7, cost: '0', wire: {} } },
      { type: 'response-end', finishReason: 'stop' },
    ]);
    expect(calls()).toBe(1);
  });

  test.each<[string, ChatRequest, StreamOptions?]>([
    ['streamed or whole', { ...ASK, stream: false }],
    ['named for somebody', { ...ASK, user: 'u1', metadata: { trace: '1' } }],
    [
      'with its fields in another order',
      { temperature: 0.5, stream: true, messages: [{ content: 'hi', role: 'user' }], model: 'a/b' },
    ],
    ['with fields that are left open', { ...ASK, seed: undefined }],
    ['with usage asked for in the stream', { ...ASK, extra: { stream_options: { include_usage: true } } }],
  ])('treats a request %s as the same', async (_, request, options) => {
    const { ask, calls } = caching();
    await ask(ASK);
    await ask(request, options);
    expect(calls()).toBe(1);
  });

  test.each<[string, ChatRequest, StreamOptions?]>([
    ['another question', { ...ASK, messages: [{ role: 'user', content: 'hi!' }] }],
    ['another model', { ...ASK, model: 'a/c' }],
    ['a fallback list', { ...ASK, fallbackModels: ['a/c'] }],
    ['another parameter', { ...ASK, temperature: 0.6 }],
    ['other routing', { ...ASK, routing: { dataCollection: 'deny' } }],
    ['a field that orx does not know', { ...ASK, extra: { plugins: [] } }],
    ['another body in the form of an API', { ...ASK, original: { dialect: 'anthropic', body: '{"thinking":{}}' } }],
    ['another client key', ASK, { caller: { key: 'other', tags: [] } }],
  ])('sends a new request for %s', async (_, request, options) => {
    const { ask, calls } = caching();
    await ask(ASK);
    await ask(request, options);
    expect(calls()).toBe(2);
  });

  test('stores no failure, no broken and no filtered answer', async () => {
    const cut = new OrxError('cut', { kind: 'network', code: 'stream-cut' });
    for (const [answer, failure] of [
      [ANSWER.slice(0, 5), cut],
      [ANSWER, cut],
      [[...ANSWER.slice(0, -1), { type: 'response-end', finishReason: 'content_filter' }], undefined],
      [ANSWER.slice(0, -1), undefined],
    ] as [CompletionEvent[], unknown][]) {
      const { ask, kept } = caching(answer, failure);
      await ask().catch(() => undefined);
      expect(kept.size).toBe(0);
    }
  });

  test('stores nothing of an answer that its reader abandoned', async () => {
    const { kept } = caching();
    const stream = cached(
      async function* () {
        yield* ANSWER;
      },
      { store: { get: async () => undefined, set: async (key, value) => void kept.set(key, value) }, now: () => 0 },
    );
    for await (const event of stream(ASK)) if (event.type === 'text-delta') break;
    expect(kept.size).toBe(0);
  });

  test('is bypassed if the request requires it', async () => {
    const { ask, kept, calls } = caching();
    await ask(ASK, { cache: { reads: false, keeps: false } });
    expect([calls(), kept.size]).toEqual([1, 0]);
    await ask();
    await ask(ASK, { cache: { reads: false, keeps: true } });
    expect([calls(), kept.size]).toEqual([3, 1]);
  });

  test('stores no answer of more than 8 MB', async () => {
    const { ask, kept } = caching([
      ...Array.from({ length: 9 }, (): CompletionEvent => ({ type: 'text-delta', text: 'x'.repeat(1024 * 1024) })),
      { type: 'response-end', finishReason: 'stop' },
    ]);
    await ask();
    expect(kept.size).toBe(0);
  });
});
