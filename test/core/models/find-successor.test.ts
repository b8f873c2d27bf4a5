import { expect, test } from 'vitest';
import { findSuccessor } from '../../../src/core/models/find-successor.ts';
import { makeModel } from '../../support/catalogue.ts';

const alias = (id: string, target: string) => makeModel(id, {}, { alias_target: { slug: target } });
const MODELS = [
  makeModel('a/chat-5', {}, { created: 500 }),
  makeModel('a/chat-5-mini', {}, { created: 500 }),
  makeModel('a/chat-3', {}, { created: 300 }),
  makeModel('b/other', {}, { created: 100 }),
  alias('~a/chat-latest', 'a/chat-5'),
  alias('~a/chat-mini-latest', 'a/chat-5-mini'),
];

test.each([
  ['the latest of its family', 'a/chat-4', '', 'a/chat-5'],
  ['of the nearest family', 'a/chat-4-mini', '', 'a/chat-5-mini'],
  ['the one that the description names', 'a/chat-4', 'Deprecated. Please migrate to b/other. It is fine.', 'b/other'],
  ['not one that is named for another reason', 'b/four', 'Better than b/other at nothing.', undefined],
  ['not itself', 'a/chat-5', 'Deprecated: a/chat-5 is retired.', undefined],
  ['not one of nobody', 'b/four', 'Replaced by c/nothing.', undefined],
  ['not of another author', 'c/chat-4', '', undefined],
])('%s', (_, id, description, expected) => {
  const model = MODELS.find((one) => one.id === id) ?? makeModel(id, {}, { created: 400, description });
  expect(findSuccessor({ ...model, description }, MODELS)?.model.id).toBe(expected);
});

test('reports whether it was named', () => {
  const leaving = (description: string) =>
    findSuccessor(makeModel('a/chat-4', {}, { created: 400, description }), MODELS)?.isNamed;
  expect([leaving('Use b/other instead.'), leaving('')]).toEqual([true, false]);
});

test('an older model is not a successor', () => {
  expect(findSuccessor(makeModel('a/chat-9', {}, { created: 900 }), MODELS)).toBeUndefined();
});
