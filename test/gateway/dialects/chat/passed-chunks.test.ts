import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chatCompletions } from '../../../../src/apis/chat-completions/dialect.ts';
import type { CompletionEvent } from '../../../../src/apis/completion.ts';
import { findVendor } from '../../../../src/apis/vendors.ts';
import { chatDialect } from '../../../../src/gateway/dialects/chat/dialect.ts';

const vendor = findVendor('openai')!;

/** Chunks whose texts and other members change as those of hosts do. */
const chunks = fc.array(
  fc
    .record({
      text: fc.oneof(fc.string(), fc.constantFrom('"content":"', '\\', '\n', '"}]}', '😀', '')),
      id: fc.constantFrom('c1', 'c1', 'c1', 'c2'),
      tail: fc.constantFrom({}, {}, {}, { logprobs: null }, { finish_reason: null }),
      indent: fc.constantFrom(undefined, undefined, 1),
    })
    .map(({ text, id, tail, indent }) =>
      JSON.stringify({ id, model: 'm', choices: [{ index: 0, delta: { content: text }, ...tail }] }, null, indent),
    ),
  { minLength: 1, maxLength: 30 },
);

test('chunks that are passed on by the template of the decoder are those that are passed on without it', () => {
  fc.assert(
    fc.property(chunks, (list) => {
      const decoder = chatCompletions.decoder({ includeChunks: true }, vendor);
      const events = list.flatMap((data) => {
        expect(decoder.decode(data, undefined, false)).toBeUndefined();
        return decoder.events.map((event): CompletionEvent =>
          event.type === 'chunk' ? { ...event, dialect: 'chat-completions' } : event,
        );
      });
      expect(passedOn(events)).toEqual(
        passedOn(events.map((event) => (event.type === 'chunk' ? { ...event, filled: undefined } : event))),
      );
      const text = passedOn(events).map((data) => (JSON.parse(data) as Answer).choices[0]!.delta.content);
      expect(text.join('')).toBe(list.map((data) => (JSON.parse(data) as Answer).choices[0]!.delta.content).join(''));
    }),
  );
});

test('the template of the decoder is used', () => {
  const decoder = chatCompletions.decoder({ includeChunks: true }, vendor);
  const texts = ['Hello', ' world', ' "quoted"', '!'];
  const filled = texts.flatMap((content) => {
    decoder.decode(JSON.stringify({ id: 'c1', choices: [{ index: 0, delta: { content } }] }), undefined, false);
    return decoder.events.flatMap((event) => (event.type === 'chunk' ? [event.filled?.text] : []));
  });
  expect(filled).toEqual([undefined, ' world', undefined, '!']);
});

interface Answer {
  choices: { delta: { content: string } }[];
}

function passedOn(events: readonly CompletionEvent[]): string[] {
  const encoder = chatDialect.streamed({ model: 'openai:m', messages: [], stream: true }, { seconds: () => 0, requestId: 'r' });
  return events.flatMap((event) => encoder.encode(event)).flatMap((one) => ('data' in one ? [one.data] : []));
}
