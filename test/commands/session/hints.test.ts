import { expect, test } from 'vitest';
import { forConversation } from '../../../src/commands/session/hints.ts';
import { OrxError } from '../../../src/errors.ts';

test.each([
  [
    'what is left pays for this: --max-tokens 2666 — or add credits',
    'what is left pays for this: /params max-tokens 2666 — or add credits',
  ],
  [
    'allow more tokens or less reasoning: --max-tokens, --effort low',
    'allow more tokens or less reasoning: /params max-tokens, /params effort low',
  ],
  ['shorten the prompt, lower --max-tokens, or take a model', 'shorten the prompt, lower /params max-tokens, or take a model'],
  ['the same model, paid and without these limits: -m q/coder', 'the same model, paid and without these limits: /model q/coder'],
  ['try again, or let another model answer: --fallback a,b', 'try again, or ask another model: /model'],
  ['all of them: orx models --tools', 'all of them: orx models --tools'],
])('%s', (hint, expected) => {
  const error = new OrxError('x', { kind: 'provider', code: 'c', retryAfterMs: 5, hints: [hint] });
  expect(forConversation(error)).toMatchObject({ message: 'x', kind: 'provider', code: 'c', retryAfterMs: 5, hints: [expected] });
});
