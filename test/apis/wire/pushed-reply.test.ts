import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CompletionEvent } from '../../../src/apis/completion.ts';
import { chatCompletions } from '../../../src/apis/chat-completions/dialect.ts';
import type { DecodeOptions } from '../../../src/apis/dialect.ts';
import { findVendor } from '../../../src/apis/vendors.ts';
import { PushedReply } from '../../../src/apis/wire/pushed-reply.ts';
import { sseBatches } from '../../../src/http/sse.ts';
import { anyCuts, asPieces, cutAt } from '../../support/byte-pieces.ts';
import { decodeWith } from '../../support/decode-with.ts';

const OPENAI = findVendor('openai')!;
const chunk = (delta: object, more: object = {}): string =>
  `data: ${JSON.stringify({ id: 'c1', model: 'm', choices: [{ index: 0, delta, finish_reason: null }], ...more })}\n\n`;
const END = `data: ${JSON.stringify({ id: 'c1', model: 'm', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })}\n\n`;
const USAGE = `data: ${JSON.stringify({ id: 'c1', choices: [], usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 } })}\n\n`;
const TEXT = [
  chunk({ role: 'assistant', content: '' }),
  chunk({ content: 'Grüße' }),
  ': alive\n\n',
  chunk({ content: ' 🙂' }),
].join('');

interface Told {
  events: CompletionEvent[];
  error?: unknown;
}

interface FakeFlow {
  calls: string[];
  pause: () => void;
  resume: () => void;
  abort: () => void;
}

function flow(): FakeFlow {
  const calls: string[] = [];
  return {
    calls,
    pause: () => void calls.push('pause'),
    resume: () => void calls.push('resume'),
    abort: () => void calls.push('abort'),
  };
}

function begin(see: (event: CompletionEvent) => void, connection = flow(), ready?: () => Promise<void> | undefined) {
  const options: DecodeOptions = { requestId: 'r1', includeChunks: true };
  const reply = new PushedReply(chatCompletions.decoder(options, OPENAI), options, { see, ready });
  reply.begin(connection);
  reply.done.catch(() => undefined);
  return reply;
}

async function push(pieces: readonly Uint8Array[]): Promise<Told> {
  const events: CompletionEvent[] = [];
  const reply = begin((event) => void events.push(event));
  for (const piece of pieces) reply.data(Buffer.from(piece));
  reply.end();
  try {
    await reply.done;
    return { events };
  } catch (error) {
    return { events, error };
  }
}

async function pull(pieces: readonly Uint8Array[]): Promise<Told> {
  const events: CompletionEvent[] = [];
  try {
    const options: DecodeOptions = { requestId: 'r1', includeChunks: true };
    for await (const event of decodeWith(chatCompletions, sseBatches(asPieces(pieces)), options, OPENAI)) events.push(event);
    return { events };
  } catch (error) {
    return { events, error };
  }
}

describe('a pushed reply', () => {
  test.each([
    ['complete', `${TEXT}${END}${USAGE}data: [DONE]\n\n`],
    ['without an end marker', `${TEXT}${END}${USAGE}`],
    ['cut', TEXT],
    ['with an error', `${TEXT}${USAGE}data: {"error":{"message":"broken","code":500}}\n\n`],
    ['malformed', `${TEXT}data: {"choices":\n\n`],
    ['empty', ''],
  ])('that is %s has the same events and failure as a pulled one, however it is cut', async (_, body) => {
    const bytes = Buffer.from(body);
    const expected = await pull([bytes]);
    await fc.assert(
      fc.asyncProperty(anyCuts, async (cuts) => {
        expect(await push(cutAt(bytes, cuts))).toEqual(expected);
      }),
      { numRuns: 20 },
    );
  });

  test('joins the text of one read, and has the same events as a pulled one', async () => {
    const bytes = Buffer.from(`${TEXT}${END}${USAGE}data: [DONE]\n\n`);
    await fc.assert(
      fc.asyncProperty(anyCuts, async (cuts) => {
        const pieces = cutAt(bytes, cuts);
        const options: DecodeOptions = { requestId: 'r1' };
        const events: CompletionEvent[] = [];
        const sink = { see: (event: CompletionEvent) => void events.push(event) };
        const reply = new PushedReply(chatCompletions.decoder(options, OPENAI), options, sink, { joinsText: true });
        reply.begin(flow());
        for (const piece of pieces) {
          reply.data(Buffer.from(piece));
          await Promise.resolve();
        }
        reply.end();
        await reply.done;
        const pulled: CompletionEvent[] = [];
        for await (const event of decodeWith(chatCompletions, sseBatches(asPieces(pieces)), { requestId: 'r1' }, OPENAI))
          pulled.push(event);
        expect(events).toEqual(pulled);
      }),
      { numRuns: 50 },
    );
  });

  test.each(['end', 'fail'] as const)('shows what has arrived in the same read before its %s', async (way) => {
    const options: DecodeOptions = {};
    const events: CompletionEvent[] = [];
    const sink = { see: (event: CompletionEvent) => void events.push(event) };
    const reply = new PushedReply(chatCompletions.decoder(options, OPENAI), options, sink, { joinsText: true });
    reply.begin(flow(), true);
    expect(events.splice(0)).toEqual([{ type: 'heartbeat', generationId: undefined }]);
    for (const content of ['a', 'b', 'c', 'd']) reply.data(Buffer.from(chunk({ content })));
    expect(events).toEqual([]);
    if (way === 'end') reply.end();
    else reply.fail(new Error('broke off'));
    await expect(reply.done).rejects.toMatchObject(way === 'end' ? { code: 'stream-cut' } : { message: 'broke off' });
    expect(events.flatMap((event) => (event.type === 'text-delta' ? event.text : []))).toEqual(['a', 'bcd']);
  });

  test('that is one JSON body is checked as a whole', async () => {
    const options: DecodeOptions = {};
    const reply = new PushedReply(
      chatCompletions.decoder(options, OPENAI),
      options,
      { see: () => undefined },
      {
        joinsText: true,
        wholeItems: (text) => {
          throw new Error(`not an answer: ${text}`);
        },
      },
    );
    reply.begin(flow());
    reply.data(Buffer.from(' {"a"'));
    reply.data(Buffer.from(':1} '));
    reply.end();
    await expect(reply.done).rejects.toThrow('not an answer: {"a":1}');
  });

  test('may be one JSON body', async () => {
    const body = JSON.stringify({
      id: 'c1',
      model: 'm',
      choices: [{ index: 0, message: { content: 'hi' }, finish_reason: 'stop' }],
    });
    const { events } = await push(cutAt(Buffer.from(`\n ${body}`), [3, 9]));
    expect(events.map(({ type }) => type)).toEqual(['chunk', 'response-start', 'text-delta', 'response-end']);
  });

  test('pauses its connection while the sink is full, and closes it if the sink fails', async () => {
    const connection = flow();
    let isFull = true;
    let drain = (): void => undefined;
    const reply = begin(
      (event) => {
        if (event.type === 'text-delta' && event.text === ' 🙂') throw new Error('too expensive');
      },
      connection,
      () => (isFull ? new Promise((resolve) => (drain = resolve)) : undefined),
    );
    reply.data(Buffer.from(chunk({ content: 'a' })));
    reply.data(Buffer.from(chunk({ content: 'b' })));
    expect(connection.calls).toEqual(['pause']);
    isFull = false;
    drain();
    await Promise.resolve();
    expect(connection.calls).toEqual(['pause', 'resume']);
    reply.data(Buffer.from(chunk({ content: ' 🙂' })));
    await expect(reply.done).rejects.toThrow('too expensive');
    expect(connection.calls).toEqual(['pause', 'resume', 'abort']);
  });
});
