import { flag } from './parsers.ts';
import { withDefault } from './spec.ts';

/** Which API is asked, and with it which ledger and which conversations are meant. In a file of its own for completion. */
export const SANDBOX = withDefault<boolean>({
  flags: '--sandbox',
  env: ['ORX_SANDBOX'],
  default: false,
  description: 'use the built-in simulated API: no key, no cost',
  parse: flag('sandbox'),
});
