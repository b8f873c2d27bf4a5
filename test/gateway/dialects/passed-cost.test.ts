import { describe, expect, test } from 'vitest';
import type { CompletionEvent, Usage } from '../../../src/apis/completion.ts';
import { geminiDialect } from '../../../src/gateway/dialects/gemini/dialect.ts';
import { messagesDialect } from '../../../src/gateway/dialects/messages/dialect.ts';
import type { ServedDialect } from '../../../src/gateway/dialects/served-dialect.ts';

const OPTIONS = { seconds: () => 0, requestId: 'req-1' };
const USAGE: Usage = { promptTokens: 3, completionTokens: 2, totalTokens: 5, cost: '0.00012', wire: {} };
const START: CompletionEvent = { type: 'response-start', id: 'id', model: 'm', provider: undefined };
const TEXT: CompletionEvent = { type: 'text-delta', text: 'hi' };
const END: CompletionEvent = { type: 'response-end', finishReason: 'stop' };
const BROKEN = new Error('broken');

/** Returns the data of all pieces of a stream; an error ends it. */
function streamed(dialect: ServedDialect, query: string, events: readonly (CompletionEvent | Error)[]): string[] {
  const isGemini = dialect === geminiDialect;
  const body = isGemini
    ? { contents: [{ parts: [{ text: 'hi' }] }] }
    : { model: 'm', max_tokens: 5, stream: true, messages: [{ role: 'user', content: 'hi' }] };
  const request = dialect.parse(JSON.stringify(body), {
    parts: isGemini ? ['m', 'streamGenerateContent'] : [],
    query: new URLSearchParams(query),
    requestHeaders: {},
  });
  const encoder = dialect.streamed(request, OPTIONS);
  const pieces = events.flatMap((event) => (event instanceof Error ? encoder.fail(event, {}) : encoder.encode(event)));
  return [...pieces, ...encoder.end()].map((piece) =>
    'data' in piece ? piece.data : 'text' in piece ? piece.text : piece.comment,
  );
}

describe('a stream of Anthropic', () => {
  const chunk = (event: string, data: string): CompletionEvent => ({ type: 'chunk', dialect: 'anthropic', event, data });
  const begin = [chunk('message_start', '{"a": 1}'), START, chunk('content_block_delta', '{"b":2}'), TEXT];
  const delta = chunk('message_delta', '{"type":"message_delta", "usage": {"output_tokens": 2}}');
  const stop = chunk('message_stop', '{"type":"message_stop"}');

  test('gets the cost in its last counts; all other values stay as they were written', () => {
    expect(streamed(messagesDialect, '', [...begin, delta, stop, { type: 'usage', usage: USAGE }, END])).toEqual([
      '{"a": 1}',
      '{"b":2}',
      '{"type":"message_delta","usage": {"output_tokens": 2,"cost":0.00012}}',
      '{"type":"message_stop"}',
    ]);
  });

  test('stays as it is without a cost, with an event after its counts, and if it breaks off', () => {
    const { cost: _, ...unpriced } = USAGE;
    const unchanged = ['{"a": 1}', '{"b":2}', '{"type":"message_delta", "usage": {"output_tokens": 2}}'];
    expect(streamed(messagesDialect, '', [...begin, delta, { type: 'usage', usage: unpriced }, END])).toEqual(unchanged);
    expect(streamed(messagesDialect, '', [...begin, delta, chunk('other', '{}'), END])).toEqual([...unchanged, '{}']);
    expect(streamed(messagesDialect, '', [...begin, delta])).toEqual(unchanged);
    expect(streamed(messagesDialect, '', [...begin, delta, BROKEN]).slice(0, 3)).toEqual(unchanged);
  });
});

describe('a stream of Google', () => {
  const chunk = (data: string): CompletionEvent => ({ type: 'chunk', dialect: 'gemini', data });
  const first = '{"candidates":[{"content":{}}],"usageMetadata":{"totalTokenCount":1}}';
  const last = '{"candidates":[{"finishReason":"STOP"}], "usageMetadata":{"totalTokenCount": 5}}';
  const priced = '{"candidates":[{"finishReason":"STOP"}],"usageMetadata":{"totalTokenCount": 5,"cost":0.00012}}';

  test('gets the cost in its last counts, as events and as a list', () => {
    const events: CompletionEvent[] = [chunk(first), START, TEXT, chunk(last), { type: 'usage', usage: USAGE }, END];
    expect(streamed(geminiDialect, 'alt=sse', events)).toEqual([first, priced]);
    expect(streamed(geminiDialect, '', events).join('')).toBe(`[${first}\n,\r\n${priced}\n]\n`);
  });

  test('counts that come alone get it too, and a stream that breaks off keeps its order', () => {
    const counts = '{"usageMetadata":{"totalTokenCount":5}}';
    expect(
      streamed(geminiDialect, 'alt=sse', [chunk(last), START, TEXT, chunk(counts), { type: 'usage', usage: USAGE }, END]),
    ).toEqual([last, '{"usageMetadata":{"totalTokenCount":5,"cost":0.00012}}']);
    expect(streamed(geminiDialect, 'alt=sse', [chunk(first), START, TEXT, chunk(last), BROKEN]).slice(0, 2)).toEqual([
      first,
      last,
    ]);
  });

  test('a complete answer has it as well', () => {
    const request = geminiDialect.parse('{"contents":[{"parts":[{"text":"hi"}]}]}', {
      parts: ['m', 'generateContent'],
      query: new URLSearchParams(),
      requestHeaders: {},
    });
    const encoder = geminiDialect.whole(request, OPTIONS);
    for (const event of [chunk(last), START, TEXT, { type: 'usage', usage: USAGE }, END] as const) encoder.add(event);
    expect(encoder.body()).toBe(priced);
  });
});
