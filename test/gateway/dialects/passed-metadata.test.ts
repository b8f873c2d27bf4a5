import { describe, expect, test } from 'vitest';
import type { CompletionEvent } from '../../../src/apis/completion.ts';
import { OrxError } from '../../../src/errors.ts';
import { chatDialect } from '../../../src/gateway/dialects/chat/dialect.ts';
import { geminiDialect } from '../../../src/gateway/dialects/gemini/dialect.ts';
import { messagesDialect } from '../../../src/gateway/dialects/messages/dialect.ts';
import { responsesDialect } from '../../../src/gateway/dialects/responses/dialect.ts';
import type { ServedDialect } from '../../../src/gateway/dialects/served-dialect.ts';
import { RouterMetadata } from '../../../src/gateway/router-metadata.ts';

const METADATA = { requested: 'm', attempt: 2 };
const ADDED = `"openrouter_metadata":${JSON.stringify(METADATA)}`;
const START: CompletionEvent = { type: 'response-start', id: 'id', model: 'm', provider: undefined };
const TEXT: CompletionEvent = { type: 'text-delta', text: 'hi' };
const END: CompletionEvent = { type: 'response-end', finishReason: 'stop' };
const OWN = [START, TEXT, END];

type Known = Readonly<Record<string, unknown>> | null;

function encoded(
  dialect: ServedDialect,
  events: readonly (CompletionEvent | Error)[],
  isStream: boolean,
  metadata: Known = METADATA,
): string[] {
  const isGemini = dialect === geminiDialect;
  const said = [{ role: 'user', content: 'hi' }];
  const body = isGemini
    ? { contents: [{ parts: [{ text: 'hi' }] }] }
    : { model: 'm', max_tokens: 5, stream: isStream, ...(dialect === responsesDialect ? { input: 'hi' } : { messages: said }) };
  const request = dialect.parse(JSON.stringify(body), {
    parts: isGemini ? ['m', isStream ? 'streamGenerateContent' : 'generateContent'] : [],
    query: new URLSearchParams('alt=sse'),
    requestHeaders: {},
  });
  const options = { seconds: () => 0, requestId: 'req-1', routerMetadata: () => metadata ?? undefined };
  if (!isStream) {
    const encoder = dialect.whole(request, options);
    for (const event of events) if (!(event instanceof Error)) encoder.add(event);
    return [encoder.body()];
  }
  const encoder = dialect.streamed(request, options);
  const more = metadata === null ? {} : { openrouter_metadata: metadata };
  const pieces = events.flatMap((event) => (event instanceof Error ? encoder.fail(event, more) : encoder.encode(event)));
  return [...pieces, ...encoder.end()].map((piece) => ('data' in piece ? piece.data : ''));
}

const chunk = (dialect: 'anthropic' | 'gemini' | 'responses', data: string, event?: string): CompletionEvent => ({
  type: 'chunk',
  dialect,
  data,
  ...(event !== undefined && { event }),
});

describe('router metadata', () => {
  test.each([
    ['messages', messagesDialect],
    ['responses', responsesDialect],
    ['gemini', geminiDialect],
  ])('of %s is in the body, and once in a stream, at its end', (_, dialect) => {
    const [body = ''] = encoded(dialect, OWN, false);
    expect(JSON.parse(body)).toMatchObject({ openrouter_metadata: METADATA });
    const pieces = encoded(dialect, OWN, true).filter((data) => data !== '[DONE]');
    expect(pieces.at(-1)).toContain(ADDED);
    expect(pieces.slice(0, -1).join('')).not.toContain('openrouter_metadata');
    for (const isStream of [true, false])
      expect(encoded(dialect, OWN, isStream, null).join('')).not.toContain('openrouter_metadata');
  });

  test('is added to the stream of a vendor, which otherwise stays as it was written', () => {
    const stop = chunk('anthropic', '{"type": "message_stop"}', 'message_stop');
    const start = chunk('anthropic', '{"a": 1}', 'message_start');
    expect(encoded(messagesDialect, [start, START, TEXT, stop, END], true)).toEqual([
      '{"a": 1}',
      `{"type": "message_stop",${ADDED}}`,
    ]);
    const completed = chunk('responses', '{"type":"response.completed","response":{"id": 7}}', 'response.completed');
    expect(encoded(responsesDialect, [START, completed, END], true)).toEqual([
      expect.any(String),
      expect.any(String),
      `{"type":"response.completed","response":{"id": 7,${ADDED}}}`,
      '[DONE]',
    ]);
    const last = chunk('gemini', '{"candidates":[{"finishReason": "STOP"}]}');
    expect(encoded(geminiDialect, [last, START, TEXT, END], true)).toEqual([
      `{"candidates":[{"finishReason": "STOP"}],${ADDED}}`,
    ]);
    expect(encoded(geminiDialect, [last, START, TEXT, END], false)).toEqual([
      `{"candidates":[{"finishReason": "STOP"}],${ADDED}}`,
    ]);
  });

  test.each([
    ['chat', chatDialect, undefined],
    ['messages', messagesDialect, undefined],
    ['responses', responsesDialect, undefined],
    ['gemini', geminiDialect, undefined],
    ['chat', chatDialect, { type: 'chunk', data: '{"error": {"message":"Broke"}}' }],
    ['messages', messagesDialect, chunk('anthropic', '{"type": "error","error":{"message":"Broke"}}', 'error')],
    ['responses', responsesDialect, chunk('responses', '{"type":"error","message": "Broke"}', 'error')],
    ['responses', responsesDialect, chunk('responses', '{"type":"response.failed","response":{"id": 7}}', 'response.failed')],
    ['gemini', geminiDialect, chunk('gemini', '{"error": {"message":"Broke"}}')],
  ] as const)('of a failed %s stream is once in its error, also in one that the vendor has written', (_, dialect, own) => {
    const before = own === undefined || dialect === messagesDialect ? [] : [own];
    const failed = [
      START,
      TEXT,
      ...(own === undefined ? [] : [own as CompletionEvent]),
      new OrxError('Broke', { kind: 'provider' }),
    ];
    const pieces = encoded(dialect, failed, true).filter((data) => data !== '[DONE]');
    expect(pieces.at(-1)).toContain(ADDED);
    expect(pieces.slice(0, -1).join('')).not.toContain('openrouter_metadata');
    for (const one of before) expect(pieces.at(-1)).toContain((one as { data: string }).data.replace(/\}+$/, ''));
    const without = encoded(dialect, failed, true, null);
    expect(without.join('')).not.toContain('openrouter_metadata');
    for (const one of before) expect(without).toContain((one as { data: string }).data);
  });

  test('of OpenRouter stays in the error of a stream, and a broken error stays as it is', () => {
    const failure = new OrxError('Broke', { kind: 'provider' });
    const own = '{"error":{"message":"Broke"},"openrouter_metadata":{"attempt":9}}';
    expect(encoded(chatDialect, [{ type: 'chunk', data: own }, failure], true)).toEqual([own, '[DONE]']);
    expect(encoded(chatDialect, [{ type: 'chunk', data: '{"error"' }, failure], true)).toEqual(['{"error"', '[DONE]']);
    expect(encoded(geminiDialect, [chunk('gemini', '{"error"'), failure], true)).toEqual(['{"error"']);
  });

  test('of a failure inside the gateway is empty', () => {
    expect(new RouterMetadata('m').fail(new TypeError('x'))).toEqual({});
    expect(new RouterMetadata('m').fail(new OrxError('x', { kind: 'provider', status: 500 }))).toHaveProperty(
      'openrouter_metadata',
    );
  });

  test("is OpenRouter's own if its reply has some", () => {
    const metadata = new RouterMetadata('m');
    const own = { requested: 'a/b', strategy: 'fallback', attempts: [{ provider: 'DeepInfra', model: 'a/b', status: 200 }] };
    for (const event of OWN) metadata.see(event);
    metadata.see({ type: 'chunk', data: JSON.stringify({ choices: [], openrouter_metadata: own }) });
    metadata.see({ type: 'chunk', data: '{"openrouter_metadata":' });
    expect(metadata.wire()).toEqual(own);
  });
});
