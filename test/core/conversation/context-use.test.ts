import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  contextUse,
  type ContextUse,
  dropOldest,
  filledShare,
  exceedsContext,
  seemsTooLong,
  tokensOf,
} from '../../../src/core/conversation/context-use.ts';
import { turnsOf, type SentMessage } from '../../../src/core/conversation/sent-messages.ts';

const text = (words: number): string => 'word '.repeat(words).trim();
const turn = (place: number, words: number, tokensSoFar?: number): SentMessage[] => [
  { place, message: { role: 'user', content: text(words) } },
  { place: place + 1, message: { role: 'assistant', content: text(words) }, tokensSoFar },
];

describe('context usage', () => {
  test("the API's count is used, later messages are estimated with the learned correction", () => {
    const asked: SentMessage = { place: 9, message: { role: 'user', content: text(100) } };
    const estimate = tokensOf(asked.message);
    expect(estimate).toBeGreaterThan(90);
    const learned = { samples: 30, ratio: 1.5, high: 1.6, overhead: 40 };
    const use = contextUse([...turn(1, 50, 7000), asked], { contextLength: 10_000, system: text(500), learned });
    expect(use).toEqual({
      used: 7000 + Math.ceil(estimate * 1.5),
      least: 7000,
      counted: 7000,
      contextLength: 10_000,
      limit: 10_000 - 64,
    });
    expect(filledShare(use)).toBeCloseTo(0.715, 2);
    expect(filledShare({ ...use, contextLength: undefined })).toBeUndefined();
  });

  test('images and calls take space, and so does the requested answer', () => {
    const url = 'https://x.example/y.png';
    expect(tokensOf({ role: 'user', content: [{ type: 'image', url }] })).toBeGreaterThan(900);
    expect(
      tokensOf({ role: 'assistant', content: '', toolCalls: [{ id: '1', name: 'f', arguments: text(50) }] }),
    ).toBeGreaterThan(50);
    expect(contextUse([], { contextLength: 8000, maxTokens: 3000 }).limit).toBe(5000);
    expect(contextUse([], { contextLength: 8000, maxTokens: 9000 }).limit).toBe(4000);
  });

  test('an estimate only causes a warning; a prompt is too long only if it certainly does not fit', () => {
    const ask = (words: number, contextLength: number | undefined): ContextUse =>
      contextUse([{ place: 1, message: { role: 'user', content: text(words) } }], { contextLength });
    expect(seemsTooLong(ask(900, 1000))).toBe(false);
    expect([seemsTooLong(ask(1100, 1000)), exceedsContext(ask(1100, 1000))]).toEqual([true, false]);
    expect([seemsTooLong(ask(2000, 1000)), exceedsContext(ask(2000, 1000))]).toEqual([true, true]);
    expect(seemsTooLong(ask(2000, undefined))).toBe(false);
    const counted = contextUse(turn(1, 500, 1001), { contextLength: 1000 });
    expect([counted.used, exceedsContext(counted)]).toEqual([1001, true]);
  });

  test('a long run of one character may be few tokens, so it is not rejected', () => {
    const message = { role: 'user' as const, content: '-'.repeat(40_000) };
    const use = contextUse([{ place: 1, message }], { contextLength: 1000 });
    expect([seemsTooLong(use), exceedsContext(use)]).toEqual([true, false]);
  });

  test.each([0, 1, 1e9, Number.MAX_SAFE_INTEGER])('a reported count of %d for a long conversation is ignored', (count) => {
    const messages = turn(1, 3000, count);
    const use = contextUse(messages, { contextLength: 200_000 });
    expect(use.counted).toBe(0);
    expect(use.used).toBeGreaterThan(5000);
    expect(use.used).toBeLessThan(7000);
    expect(exceedsContext(use)).toBe(false);
    expect(contextUse(messages, { contextLength: undefined }).used).toBe(use.used);
  });

  test('the oldest turns are dropped whole, the last one stays, and no more than necessary is dropped', () => {
    const messages = [
      ...turn(1, 300),
      ...turn(3, 300),
      ...turn(5, 300),
      { place: 7, message: { role: 'user' as const, content: 'now' } },
    ];
    const shorter = dropOldest(messages, { contextLength: 1000 });
    expect(shorter).toMatchObject({ droppedTurns: 2, from: 5 });
    expect(shorter?.messages.map(({ place }) => place)).toEqual([5, 6, 7]);
    expect(dropOldest([{ place: 1, message: { role: 'user', content: text(3000) } }], { contextLength: 1000 })).toBeUndefined();
  });

  test('whatever is dropped, the rest is the end of the conversation, and fits', () => {
    const anyTurns = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(anyTurns, fc.integer({ min: 300, max: 3000 }), (sizes, contextLength) => {
        const messages = sizes.flatMap((words, index) => turn(index * 2, words, index * 500));
        const shorter = dropOldest(messages, { contextLength });
        if (shorter === undefined) return;
        expect(messages.slice(-shorter.messages.length).map(({ place }) => place)).toEqual(
          shorter.messages.map(({ place }) => place),
        );
        expect(turnsOf(shorter.messages)).toHaveLength(sizes.length - shorter.droppedTurns);
        expect(exceedsContext(contextUse(shorter.messages, { contextLength }))).toBe(false);
      }),
    );
  });
});
