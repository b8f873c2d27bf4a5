import { OrxError } from '../../errors.ts';

/** Returns the error for a missing OpenRouter key. */
export function missingKey(): OrxError {
  return new OrxError('no API key', {
    kind: 'authentication',
    code: 'no-key',
    hints: [
      'set OPENROUTER_API_KEY, or log in: orx auth login',
      'use a vendor with its own key: orx vendors list',
      'try orx without a key: orx chat --sandbox "hello"',
    ],
  });
}
