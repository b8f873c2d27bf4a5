import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sentMessages, SUMMARY_HEADING, turnsOf } from '../../../src/core/conversation/sent-messages.ts';
import { normalizeMessages } from '../../../src/core/request/replay/normalize-request.ts';
import type { Message } from '../../../src/apis/message.ts';
import type { MessageState, StoredMessage } from '../../../src/storage/conversations/conversations.ts';
import { storedMessage as stored } from '../../support/conversation-entries.ts';

const user = (content: string): Message => ({ role: 'user', content });
const answer = (content: string, extra: Partial<Message> = {}): Message => ({ role: 'assistant', content, ...extra });
const call = { id: 'c1', name: 'look', arguments: '{}' };
const result: Message = { role: 'tool', content: 'seen', toolCallId: 'c1' };
const interrupted = answer(expect.stringContaining('interrupted') as unknown as string);
const messagesOf = (saved: readonly StoredMessage[], asked: readonly StoredMessage[] = []): Message[] =>
  normalizeMessages(
    sentMessages(saved, {}, asked).map(({ message }) => message),
    'test/model',
  );

describe('the sent part of a conversation', () => {
  test('is all of it if everything succeeded, with reasoning details and calls unmodified', () => {
    const details = [{ kind: 'text' as const, text: 'hm', signature: 'sig' }];
    const all = [
      user('a'),
      answer('', { toolCalls: [call], reasoningParts: details }),
      result,
      answer('b', { reasoningParts: details }),
    ];
    expect(messagesOf(all.map((message) => stored(message)))).toEqual(all);
  });

  test.each<[string, StoredMessage[], Message[]]>([
    ['a question that failed', [stored(user('a')), stored(answer(''), { state: 'failed' })], []],
    ['a question that is answered elsewhere', [stored(user('a')), stored(answer('so'), { state: 'streaming' })], []],
    [
      'a stopped answer stays as far as it came',
      [stored(user('a')), stored(answer('so'), { state: 'stopped' })],
      [user('a'), answer('so')],
    ],
    [
      'of a stopped answer neither details that may be cut nor calls',
      [
        stored(user('a')),
        stored(answer('so', { toolCalls: [call], reasoningParts: [{ kind: 'text', text: '1' }] }), { state: 'stopped' }),
      ],
      [user('a'), answer('so')],
    ],
    [
      'calls whose results came, though the answer after them failed',
      [stored(user('a')), stored(answer('', { toolCalls: [call] })), stored(result), stored(answer(''), { state: 'failed' })],
      [user('a'), answer('', { toolCalls: [call] }), result],
    ],
    ['a result without its call', [stored(user('a')), stored(result), stored(answer('b'))], [user('a'), answer('b')]],
  ])('%s', (_, saved, expected) => {
    expect(messagesOf(saved)).toEqual(expected);
    const gap = expected.at(-1)?.role === 'tool' ? [interrupted] : [];
    expect(messagesOf(saved, [stored(user('next'))])).toEqual([...expected, ...gap, user('next')]);
  });

  test('results that are sent now answer stored calls', () => {
    const saved = [stored(user('a')), stored(answer('', { toolCalls: [call] }))];
    expect(messagesOf(saved)).toEqual([]);
    expect(messagesOf(saved, [stored(result)])).toEqual([user('a'), answer('', { toolCalls: [call] }), result]);
  });

  test('begins where it was told to, with the summary of the earlier part', () => {
    const saved = [user('a'), answer('b'), user('c'), answer('d')].map((message) => stored(message));
    const sent = sentMessages(saved, { sentFrom: saved[2]!.place, summary: 'a, then b' });
    expect(sent.map(({ message }) => message.content)).toEqual([`${SUMMARY_HEADING}\n\na, then b`, 'c', 'd']);
  });

  const anyMessage = fc.oneof(
    fc.constantFrom<[Message, MessageState]>(
      [user('u'), 'complete'],
      [result, 'complete'],
      [{ ...result, toolCallId: 'c2' }, 'complete'],
    ),
    fc.tuple(
      fc.record({
        role: fc.constant('assistant' as const),
        content: fc.constantFrom('', 'text'),
        toolCalls: fc.constantFrom(undefined, [call], [call, { ...call, id: 'c2' }]),
      }),
      fc.constantFrom<MessageState>('complete', 'stopped', 'failed', 'streaming'),
    ),
  );
  test('keeps its order, and ends with the question', () => {
    fc.assert(
      fc.property(fc.array(anyMessage), fc.boolean(), (messages, asks) => {
        const saved = messages.map(([message, state]) => stored(message, { state }));
        const sent = sentMessages(saved, {}, asks ? [stored(user('now'))] : []);
        const places = sent.map(({ place }) => place!);
        expect(places).toEqual(places.toSorted((one, other) => one - other));
        expect(!asks || sent.at(-1)?.message.content === 'now').toBe(true);
      }),
    );
  });

  test('contains no attempt that did not replace an earlier answer', () => {
    const saved = [user('a'), answer('b')].map((message) => stored(message));
    const attempt = [user('a'), answer('half')].map((message) => stored(message, { isLeftOut: true }));
    expect(messagesOf([...saved, ...attempt])).toEqual([user('a'), answer('b')]);
  });

  test('turns joined together are the messages, and each turn but the first begins with a question', () => {
    fc.assert(
      fc.property(fc.array(anyMessage), (messages) => {
        const saved = messages.map(([message]) => stored(message));
        const turns = turnsOf(saved);
        expect(turns.flat()).toEqual(saved);
        expect(turns.slice(1).every(([first]) => first!.message.role === 'user')).toBe(true);
      }),
    );
  });
});
