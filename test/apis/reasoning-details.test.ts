import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeAnnotations, encodeAnnotations } from '../../src/apis/annotations.ts';
import { decodeReasoningDetails, encodeReasoningDetails } from '../../src/apis/reasoning-details.ts';

const anyValue = fc.oneof(fc.constantFrom(null, '', 's', 'AAAA', 0, 3, true), fc.jsonValue());
const anyItem = fc.dictionary(
  fc.constantFrom('type', 'text', 'summary', 'data', 'signature', 'format', 'id', 'index', 'of_tomorrow'),
  anyValue,
);
const typed = fc
  .tuple(fc.constantFrom('reasoning.text', 'reasoning.summary', 'reasoning.encrypted', 'reasoning.of-tomorrow'), anyItem)
  .map(([type, item]) => ({ ...item, type }));

test('reasoning details are sent back unchanged, whatever they contain', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(typed, anyItem, fc.jsonValue())), (items) => {
      const before = JSON.parse(JSON.stringify(items)) as unknown[];
      expect(encodeReasoningDetails(decodeReasoningDetails(before))).toEqual(before);
    }),
  );
});

test('data that only another API understands is not sent, but its readable reasoning is', () => {
  const parts = [
    { kind: 'other', apiData: { elsewhere: { blob: 1 } } },
    { kind: 'text', text: 'hm', signature: 's', apiData: { elsewhere: { blob: 2 } } },
  ] as const;
  expect(encodeReasoningDetails(parts)).toEqual([{ type: 'reasoning.text', text: 'hm', signature: 's' }]);
});

test('annotations are sent back unchanged, and those of another API if OpenRouter has a form for them', () => {
  const wire = [
    { type: 'url_citation', url_citation: { url: 'https://a.example', title: '', content: 'c' } },
    { type: 'file', file: { hash: 'h' } },
    { type: 'of_tomorrow' },
  ];
  expect(encodeAnnotations(decodeAnnotations([null, ...wire, 1]))).toEqual(wire);
  expect(
    encodeAnnotations([
      { kind: 'citation', url: 'https://b.example', title: 'B', apiData: { elsewhere: 1 } },
      { kind: 'other', apiData: { elsewhere: 2 } },
    ]),
  ).toEqual([{ type: 'url_citation', url_citation: { url: 'https://b.example', title: 'B' } }]);
});
