import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { CompletionEvent } from '../../../../src/apis/completion.ts';
import { decodeStream } from '../../../../src/apis/chat-completions/decode-stream.ts';
import { type Answer, EMPTY_ANSWER, reduceAnswer } from '../../../../src/core/answer/answer.ts';
import { OrxError } from '../../../../src/errors.ts';
import { ChunkEncoder } from '../../../../src/gateway/dialects/chat/encode-chunks.ts';
import { startGateway } from '../../../../src/gateway/start-gateway.ts';

const answerOf = (events: readonly CompletionEvent[]): Answer => events.reduce(reduceAnswer, EMPTY_ANSWER);
const START: CompletionEvent = { type: 'response-start', id: 'a1', model: 'x/bard-1', provider: 'Globe', created: 7 };
const END: CompletionEvent = { type: 'response-end', finishReason: 'stop', nativeFinishReason: 'curtain' };

async function decoded(chunks: readonly string[]): Promise<CompletionEvent[]> {
  const events: CompletionEvent[] = [];
  async function* batches() {
    yield [...chunks, '[DONE]'].map((data) => ({ type: 'data' as const, data }));
  }
  for await (const event of decodeStream(batches())) events.push(event);
  return events;
}

/** An Api that is not an HTTP API and has no chunks of its own. */
async function serve(play: () => Iterable<CompletionEvent | Error>): Promise<string> {
  const gateway = await startGateway({
    api: {
      id: 'other',
      async *streamCompletion() {
        for (const event of play()) {
          if (event instanceof Error) throw event;
          yield event;
        }
      },
    },
    port: 0,
    now: () => 9000,
    monotonic: () => 0,
  });
  onTestFinished(() => gateway.close());
  return gateway.url;
}

const ask = (url: string, stream: boolean): Promise<Response> =>
  fetch(`${url}/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer any', 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'x/bard', messages: [{ role: 'user', content: 'hi' }], stream }),
  });

const text = fc.string({ minLength: 1, unit: 'grapheme' });
const anyEvent: fc.Arbitrary<CompletionEvent> = fc.oneof(
  text.map((value) => ({ type: 'text-delta' as const, text: value })),
  text.map((value) => ({ type: 'image' as const, url: `https://x.example/${encodeURIComponent(value)}` })),
  text.map((value) => ({ type: 'audio' as const, data: Buffer.from(value).toString('base64') })),
  text.map((value) => ({ type: 'reasoning-parts' as const, parts: [{ kind: 'text' as const, text: value, index: 0 }] })),
  text.map((url) => ({ type: 'annotation' as const, annotation: { kind: 'citation' as const, url } })),
);

/** Calls in pieces: the id and the name come with the first piece. */
const anyCalls = fc.array(fc.array(text, { maxLength: 3 }), { maxLength: 3 }).map((calls) =>
  calls.flatMap((pieces, index): CompletionEvent[] => [
    { type: 'tool-call-delta', index, id: `c${index}`, name: 'look', arguments: '{"a":"' },
    ...pieces.map((piece): CompletionEvent => ({
      type: 'tool-call-delta',
      index,
      arguments: JSON.stringify(piece).slice(1, -1),
    })),
    { type: 'tool-call-delta', index, arguments: '"}' },
  ]),
);

test('the chunks of any answer decode to that answer', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyEvent, { maxLength: 12 }), anyCalls, async (middle, calls) => {
      const usage: CompletionEvent = {
        type: 'usage',
        usage: { promptTokens: 9, completionTokens: 3, totalTokens: 12, cachedTokens: 2, cost: '0.000039', wire: {} },
      };
      const events = [START, ...middle, ...calls, usage, END];
      const encoder = new ChunkEncoder('x/bard', { seconds: () => 0 });
      const came = answerOf(await decoded(events.flatMap((event) => encoder.encode(event) ?? [])));
      const sent = answerOf(events);
      // Reasoning parts carry their text; in the inner stream the text is next to them.
      const reasoning = sent.reasoningParts.map((part) => part.text ?? '').join('');
      expect({ ...came, annotations: came.annotations.map(({ kind }) => kind), usage: came.usage?.cost }).toEqual({
        ...sent,
        reasoning,
        annotations: sent.annotations.map(({ kind }) => kind),
        usage: '0.000039',
      });
      expect(came.usage).toMatchObject({ promptTokens: 9, completionTokens: 3, totalTokens: 12, cachedTokens: 2 });
    }),
    { numRuns: 200 },
  );
});

describe('the gateway in front of a different kind of API', () => {
  const PLAY: CompletionEvent[] = [
    { ...START, id: '', created: undefined } as CompletionEvent,
    { type: 'text-delta', text: 'To ' },
    { type: 'text-delta', text: 'be.' },
    { type: 'usage', usage: { promptTokens: 1, completionTokens: 2, totalTokens: 3, wire: {} } },
    END,
  ];

  test('streams its answer in chunks, with the usage in the last', async () => {
    const body = await (await ask(await serve(() => PLAY), true)).text();
    const lines = body.split('\n\n').filter((line) => line !== '');
    expect(lines.at(-1)).toBe('data: [DONE]');
    const chunks = lines.slice(0, -1).map((line) => JSON.parse(line.replace(/^data: /, '')) as Record<string, any>);
    expect(chunks.map(({ choices }) => choices[0].delta.content)).toEqual(['To ', 'be.', '']);
    expect(new Set(chunks.map(({ id }) => id as string)).size).toBe(1);
    expect(chunks[0]).toMatchObject({ id: expect.stringMatching(/^gen-/), model: 'x/bard-1', created: 9 });
    expect(chunks.at(-1)).toMatchObject({
      choices: [{ finish_reason: 'stop', native_finish_reason: 'curtain' }],
      usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
    });
    expect(chunks.at(-1)!['usage']).not.toHaveProperty('cost');
  });

  test('returns its answer in a single reply', async () => {
    const reply = (await (await ask(await serve(() => PLAY), false)).json()) as Record<string, any>;
    expect(reply).toMatchObject({
      object: 'chat.completion',
      model: 'x/bard-1',
      choices: [{ message: { role: 'assistant', content: 'To be.' }, finish_reason: 'stop' }],
      usage: { total_tokens: 3 },
    });
  });

  test('reports a failure mid-stream in the stream, and an earlier one by its status', async () => {
    const failure = new OrxError('the actor fell', { kind: 'provider', status: 503 });
    const body = await (await ask(await serve(() => [START, { type: 'text-delta', text: 'To' }, failure]), true)).text();
    expect(body).toContain('"content":"To"');
    expect(body).toContain('the actor fell');
    expect((await ask(await serve(() => [failure]), true)).status).toBe(503);
  });

  test('says which lists it does not have', async () => {
    const response = await fetch(`${await serve(() => [])}/models`);
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('other has no list of models')]);
  });
});

test('reasoning and its parts are in one chunk, and reasoning without parts is held at most once', () => {
  const deltas = (events: readonly CompletionEvent[]): object[] => {
    const encoder = new ChunkEncoder('x/bard', { seconds: () => 0 });
    return events.flatMap((event) => encoder.encode(event).map((chunk) => JSON.parse(chunk).choices[0].delta));
  };
  const told = (value: string): CompletionEvent => ({ type: 'reasoning-delta', text: value });
  const part = (value: string): CompletionEvent => ({
    type: 'reasoning-parts',
    parts: [{ kind: 'text', text: value, format: 'globe', index: 0 }],
  });
  const detail = (value: string): object => ({ type: 'reasoning.text', text: value, format: 'globe', index: 0 });
  const base = { role: 'assistant', content: '' };
  expect(deltas([START, told('a'), part('a'), told('b'), part('b')])).toEqual([
    { ...base, reasoning: 'a', reasoning_details: [detail('a')] },
    { ...base, reasoning: 'b', reasoning_details: [detail('b')] },
  ]);
  expect(deltas([START, told('a'), told('b'), told('c')])).toEqual(['a', 'b', 'c'].map((reasoning) => ({ ...base, reasoning })));
  expect(deltas([START, told('a')])).toEqual([]);
});
