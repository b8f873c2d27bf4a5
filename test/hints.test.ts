import { expect, test } from 'vitest';
import { type Hint, sessionHint, shellHint } from '../src/errors.ts';
import { parameterHint, USE_ANOTHER_MODEL } from '../src/hints.ts';

test.each<[Hint, shell: string, session: string]>([
  [USE_ANOTHER_MODEL, 'use another model: -m MODEL', 'use another model: /model MODEL'],
  [
    parameterHint('allow more tokens', 'max-tokens', 400),
    'allow more tokens: --max-tokens 400',
    'allow more tokens: /params max-tokens 400',
  ],
  [
    'list all that support it: orx models --tools',
    'list all that support it: orx models --tools',
    'in a shell, list all that support it: orx models --tools',
  ],
  ['shorten the prompt', 'shorten the prompt', 'shorten the prompt'],
])('%o', (hint, shell, session) => {
  expect([shellHint(hint), sessionHint(hint)]).toEqual([shell, session]);
});
