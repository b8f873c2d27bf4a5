import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addReasoningParts } from '../../../src/core/answer/reasoning-parts.ts';
import type { ReasoningPart } from '../../../src/apis/message.ts';
import { decodeReasoningDetails, encodeReasoningDetails } from '../../../src/apis/reasoning-details.ts';

type Item = Record<string, unknown>;
const fold = (pieces: readonly Item[]): readonly unknown[] =>
  encodeReasoningDetails(
    pieces.reduce<readonly ReasoningPart[]>((all, item) => addReasoningParts(all, decodeReasoningDetails([item])), []),
  );

describe('pieces of reasoning are joined into items', () => {
  test.each<[string, Item[], Item[]]>([
    [
      'text, with the signature of its last piece',
      [
        { type: 'reasoning.text', text: 'a', format: 'anthropic-claude-v1', index: 0 },
        { type: 'reasoning.text', text: 'b', format: 'anthropic-claude-v1', index: 0 },
        { type: 'reasoning.text', signature: 's', format: 'anthropic-claude-v1', index: 0 },
      ],
      [{ type: 'reasoning.text', text: 'ab', signature: 's', format: 'anthropic-claude-v1', index: 0 }],
    ],
    [
      'what is signed is over',
      [
        { type: 'reasoning.text', text: 'a', signature: 's', index: 0 },
        { type: 'reasoning.text', text: 'b', index: 0 },
      ],
      [
        { type: 'reasoning.text', text: 'a', signature: 's', index: 0 },
        { type: 'reasoning.text', text: 'b', index: 0 },
      ],
    ],
    [
      'a null does not take away what is known',
      [
        { type: 'reasoning.summary', summary: 'a', id: 'r1', index: 0 },
        { type: 'reasoning.summary', summary: 'b', id: null, index: 0 },
      ],
      [{ type: 'reasoning.summary', summary: 'ab', id: 'r1', index: 0 }],
    ],
    [
      'encrypted items stay apart, and where they are',
      [
        { type: 'reasoning.encrypted', data: 'x', index: 0 },
        { type: 'reasoning.encrypted', data: 'y', index: 0 },
        { type: 'reasoning.text', text: 'a', index: 1 },
        { type: 'reasoning.of-tomorrow', text: 'b' },
      ],
      [
        { type: 'reasoning.encrypted', data: 'x', index: 0 },
        { type: 'reasoning.encrypted', data: 'y', index: 0 },
        { type: 'reasoning.text', text: 'a', index: 1 },
        { type: 'reasoning.of-tomorrow', text: 'b' },
      ],
    ],
    [
      'other indices are other texts',
      [
        { type: 'reasoning.text', text: 'a', index: 0 },
        { type: 'reasoning.text', text: 'b', index: 1 },
      ],
      [
        { type: 'reasoning.text', text: 'a', index: 0 },
        { type: 'reasoning.text', text: 'b', index: 1 },
      ],
    ],
    [
      'an empty signature ends nothing, and does not take away a real one',
      [
        { type: 'reasoning.text', text: 'a', signature: '', index: 0 },
        { type: 'reasoning.text', text: 'b', signature: '', index: 0 },
        { type: 'reasoning.text', text: '', signature: 's', index: 0 },
        { type: 'reasoning.text', text: '', signature: '', index: 0 },
      ],
      [{ type: 'reasoning.text', text: 'ab', signature: 's', index: 0 }],
    ],
    [
      'pieces of several texts that alternate',
      [
        { type: 'reasoning.text', text: 'a', index: 0 },
        { type: 'reasoning.summary', summary: 'x', index: 1 },
        { type: 'reasoning.text', text: 'b', index: 0 },
        { type: 'reasoning.encrypted', data: 'e', id: 'c1', index: 0 },
        { type: 'reasoning.summary', summary: 'y', index: 1 },
        { type: 'reasoning.text', text: '', signature: 's', index: 0 },
      ],
      [
        { type: 'reasoning.text', text: 'ab', signature: 's', index: 0 },
        { type: 'reasoning.summary', summary: 'xy', index: 1 },
        { type: 'reasoning.encrypted', data: 'e', id: 'c1', index: 0 },
      ],
    ],
    [
      'without an index a piece goes on with the text right before it alone',
      [
        { type: 'reasoning.text', text: 'a' },
        { type: 'reasoning.text', text: 'b' },
        { type: 'reasoning.encrypted', data: 'e' },
        { type: 'reasoning.text', text: 'c' },
      ],
      [
        { type: 'reasoning.text', text: 'ab' },
        { type: 'reasoning.encrypted', data: 'e' },
        { type: 'reasoning.text', text: 'c' },
      ],
    ],
  ])('%s', (_name, pieces, expected) => {
    expect(fold(pieces)).toEqual(expected);
  });

  test('any cut and any interleaving of texts restores each text', () => {
    const anyPiece = fc.record({ index: fc.nat(2), text: fc.string() });
    fc.assert(
      fc.property(fc.array(anyPiece, { minLength: 1 }), (pieces) => {
        const items = fold(pieces.map((piece) => ({ type: 'reasoning.text', ...piece }))) as Item[];
        const order = [...new Set(pieces.map(({ index }) => index))];
        expect(items.map(({ index }) => index)).toEqual(order);
        for (const { index, text } of items)
          expect(text).toBe(
            pieces
              .filter((piece) => piece.index === index)
              .map((piece) => piece.text)
              .join(''),
          );
      }),
    );
  });

  test('any cut of a text gives the same item', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), (texts) => {
        expect(fold(texts.map((text) => ({ type: 'reasoning.text', text, index: 0 })))).toEqual([
          { type: 'reasoning.text', text: texts.join(''), index: 0 },
        ]);
      }),
    );
  });
});
