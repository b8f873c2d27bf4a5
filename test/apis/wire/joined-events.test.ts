import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CompletionEvent } from '../../../src/apis/completion.ts';
import { JoinedEvents } from '../../../src/apis/wire/joined-events.ts';

const LONGEST = 4096;
const text = (piece: string): CompletionEvent => ({ type: 'text-delta', text: piece });

const events: fc.Arbitrary<CompletionEvent> = fc.oneof(
  { weight: 6, arbitrary: fc.string({ maxLength: 3000 }).map(text) },
  { weight: 2, arbitrary: fc.string().map((piece): CompletionEvent => ({ type: 'reasoning-delta', text: piece })) },
  fc.string().map((piece): CompletionEvent => ({ type: 'text-delta', text: piece, isRefusal: true })),
  fc.constant<CompletionEvent>({ type: 'heartbeat' }),
  fc.string().map((data): CompletionEvent => ({ type: 'chunk', data })),
);

/** Returns what a consumer can tell apart, however texts were divided. */
function meaning(list: readonly CompletionEvent[]): readonly CompletionEvent[] {
  const whole: CompletionEvent[] = [];
  for (const event of list) {
    const last = whole.at(-1);
    const isText = event.type === 'text-delta' || event.type === 'reasoning-delta';
    const isSame = isText && last?.type === event.type && isRefusal(last) === isRefusal(event);
    if (isSame && 'text' in last) whole[whole.length - 1] = { ...last, text: last.text + event.text } as CompletionEvent;
    else whole.push(event);
  }
  return whole;
}

const isRefusal = (event: CompletionEvent): boolean => 'isRefusal' in event && event.isRefusal === true;

describe('events of one piece of a reply', () => {
  test('say the same after joining', () => {
    fc.assert(
      fc.property(fc.array(fc.array(events, { maxLength: 20 }), { maxLength: 5 }), (pieces) => {
        const joined = new JoinedEvents();
        const taken = pieces.map((piece) => {
          for (const event of piece) joined.add(event);
          return joined.take();
        });
        expect(taken.map(meaning)).toEqual(pieces.map(meaning));
        expect(taken.flat().filter((event) => 'text' in event && event.text.length > LONGEST)).toEqual([]);
      }),
    );
  });

  test('neighboring texts are joined, except the first, which tells when the answer began', () => {
    const joined = new JoinedEvents();
    for (const piece of ['a', 'b', 'c']) joined.add(text(piece));
    expect(joined.take()).toEqual([text('a'), text('bc')]);
    for (const piece of ['d', 'e']) joined.add(text(piece));
    expect(joined.take()).toEqual([text('de')]);
    expect(joined.take()).toEqual([]);
  });
});
