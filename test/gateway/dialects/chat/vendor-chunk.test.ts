import { describe, expect, test } from 'vitest';
import type { CompletionEvent } from '../../../../src/apis/completion.ts';
import { chatDialect } from '../../../../src/gateway/dialects/chat/dialect.ts';

const OPTIONS = { seconds: () => 0, requestId: 'req-1' };
const REQUEST = { model: 'host:m', messages: [], stream: true };
const START: CompletionEvent = { type: 'response-start', id: 'c1', model: 'host:m-2', provider: 'Host', created: 7 };
const USAGE: CompletionEvent = {
  type: 'usage',
  usage: { promptTokens: 3, completionTokens: 2, totalTokens: 5, cost: '0.0001', wire: {} },
};
const END: CompletionEvent = { type: 'response-end', finishReason: 'stop', nativeFinishReason: 'stop' };
const chunk = (data: string): CompletionEvent => ({ type: 'chunk', data, dialect: 'chat-completions' });
const wire = (choice: string, more = ''): string =>
  `{"id":"c1","object":"chat.completion.chunk","created":7,"model":"m-2","choices":[{"index":0,${choice}}]${more}}`;

function streamed(events: readonly CompletionEvent[]): string[] {
  const encoder = chatDialect.streamed(REQUEST, OPTIONS);
  return events.flatMap((event) => encoder.encode(event)).flatMap((one) => ('data' in one ? [one.data] : []));
}

describe("a stream of a vendor's chat completion", () => {
  test('passes plain chunks on with model and provider, each text once, and the usage with its cost at the end', () => {
    const logprobs = '"logprobs":{"content":[{"token":"Hi","logprob":-0.12345678901234567890,"bytes":[72]}]}';
    const sent = streamed([
      chunk(wire('"delta":{"role":"assistant","content":""}')),
      START,
      chunk(
        wire(
          `"delta":{"content":"Hi \\\\"error\\\\": {"},${logprobs},"finish_reason":null`,
          ',"usage":null,"service_tier":"default"',
        ),
      ),
      { type: 'text-delta', text: 'Hi "error": {' },
      chunk(wire('"delta":{"reasoning_content":"Hm."}')),
      { type: 'reasoning-delta', text: 'Hm.' },
      chunk(wire('"delta":{"content":"!"},"finish_reason":"stop"', ',"usage":{"prompt_tokens":3}')),
      { type: 'text-delta', text: '!' },
      USAGE,
      END,
    ]);
    const [first, ...rest] = sent;
    expect(first).toBe(
      wire(
        `"delta":{"content":"Hi \\\\"error\\\\": {"},${logprobs},"finish_reason":null`,
        ',"usage":null,"service_tier":"default","provider":"Host"',
      ).replace('"m-2"', '"host:m-2"'),
    );
    expect(rest.map((data) => JSON.parse(data))).toMatchObject([
      { model: 'host:m-2', choices: [{ delta: { reasoning: 'Hm.' } }] },
      { choices: [{ delta: { content: '!' } }] },
      { choices: [{ finish_reason: 'stop' }], usage: { prompt_tokens: 3, cost: 0.0001 } },
    ]);
    expect(sent).toHaveLength(4);
  });

  test.each([
    ['calls of tools', '"delta":{"tool_calls":[{"id":"a"}]}'],
    ['an error', '"delta":{"content":"a"},"error":{"message":"x"}'],
    ['parts of content', '"delta":{"content":[{"type":"text","text":"a"}]}'],
    ['half a character', '"delta":{"content":"\\ud83d"}'],
    ['another answer', '"delta":{"content":"a"}},{"index":1'],
  ])('is encoded by orx if it contains %s', (_, choice) => {
    expect(streamed([START, chunk(wire(choice)), { type: 'text-delta', text: 'told' }])).toEqual([
      expect.stringContaining('"told"'),
    ]);
  });
});

test('a whole reply of a vendor keeps its fields, and gains model, provider and cost', () => {
  const encoder = chatDialect.whole({ ...REQUEST, stream: false }, OPTIONS);
  const reply =
    '{"id":"c1","object":"chat.completion","created":7,"model":"m-2","system_fingerprint":"fp","choices":[{"index":0,"message":{"role":"assistant","content":"Hi","refusal":null},"logprobs":{"content":[{"token":"Hi","logprob":-0.12345678901234567890}]},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5,"completion_tokens_details":{"audio_tokens":0,"reasoning_tokens":0}}}';
  for (const event of [chunk(reply), START, { type: 'text-delta', text: 'Hi' } as const, USAGE, END]) encoder.add(event);
  const body = encoder.body();
  expect(body).toContain('-0.12345678901234567890');
  expect(JSON.parse(body)).toMatchObject({
    model: 'host:m-2',
    provider: 'Host',
    system_fingerprint: 'fp',
    choices: [{ message: { content: 'Hi' }, finish_reason: 'stop', native_finish_reason: 'stop' }],
    usage: {
      prompt_tokens: 3,
      total_tokens: 5,
      cost: 0.0001,
      completion_tokens_details: { audio_tokens: 0, reasoning_tokens: 0 },
    },
  });
});
