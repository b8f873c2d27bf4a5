import { OrxError } from '../../errors.ts';

/** There is no key for OpenRouter. */
export function missingKey(): OrxError {
  return new OrxError('no API key', {
    kind: 'authentication',
    code: 'no-key',
    hints: [
      'log in with: orx auth login — or set OPENROUTER_API_KEY — or ask a vendor with a key of its own: orx vendors list — or try without: orx --sandbox …',
    ],
  });
}
