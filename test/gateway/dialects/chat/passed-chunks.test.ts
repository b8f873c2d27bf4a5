import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chatCompletions } from '../../../../src/apis/chat-completions/dialect.ts';
import type { CompletionEvent } from '../../../../src/apis/completion.ts';
import { JoinedEvents } from '../../../../src/apis/wire/joined-events.ts';
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

test('chunks that are joined are passed on as those that are not', () => {
  fc.assert(
    fc.property(chunks, fc.infiniteStream(fc.boolean()), (list, cuts) => {
      const decoder = chatCompletions.decoder({ includeChunks: true }, vendor);
      const joined = new JoinedEvents({ joinsChunks: true });
      const apart: CompletionEvent[] = [];
      const together: CompletionEvent[] = [];
      const named = (event: CompletionEvent): CompletionEvent =>
        event.type === 'chunk' ? { ...event, dialect: 'chat-completions' } : event;
      for (const data of list) {
        decoder.decode(data, undefined, false);
        for (const event of decoder.events) {
          apart.push(named(event));
          joined.add(event);
        }
        if (cuts.next().value) together.push(...joined.take().map(named));
      }
      together.push(...joined.take().map(named));
      expect(textOf(passedOn(together))).toBe(textOf(passedOn(apart)));
      expect(passedOn(together).filter(isPassed)).toEqual(passedOn(apart).filter(isPassed));
      expect(textOf(together.flatMap((event) => (event.type === 'text-delta' ? [event] : [])))).toBe(
        textOf(apart.flatMap((event) => (event.type === 'text-delta' ? [event] : []))),
      );
    }),
  );
});

test('many chunks of one form are one event', () => {
  const decoder = chatCompletions.decoder({ includeChunks: true }, vendor);
  const joined = new JoinedEvents({ joinsChunks: true });
  for (const content of ['Hello', ' world', ' and', ' all', ' others']) {
    decoder.decode(JSON.stringify({ id: 'c1', choices: [{ index: 0, delta: { content } }] }), undefined, false);
    for (const event of decoder.events) joined.add(event);
  }
  const events = joined.take();
  expect(events.map(({ type }) => type)).toEqual(['chunk', 'response-start', 'text-delta', 'chunk', 'text-delta']);
  expect(events[3]).toMatchObject({ filled: { text: ' world', more: [' and', ' all', ' others'] } });
  expect(events[4]).toEqual({ type: 'text-delta', text: ' world and all others' });
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

/** Returns whether the host wrote a chunk: orx's own have a role. */
function isPassed(data: string): boolean {
  return !data.includes('"role"');
}

function textOf(list: readonly (string | { text: string })[]): string {
  return list.map((one) => (typeof one === 'string' ? (JSON.parse(one) as Answer).choices[0]!.delta.content : one.text)).join('');
}

function passedOn(events: readonly CompletionEvent[]): string[] {
  const encoder = chatDialect.streamed({ model: 'openai:m', messages: [], stream: true }, { seconds: () => 0, requestId: 'r' });
  return events.flatMap((event) => encoder.encode(event)).flatMap((one) => ('data' in one ? [one.data] : []));
}
