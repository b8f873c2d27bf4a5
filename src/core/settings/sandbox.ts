import { flag } from './parsers.ts';
import { withDefault } from './spec.ts';

/** Selects the API, and with it the ledger and the conversations. In its own file, so that completion loads only this setting. */
export const SANDBOX = withDefault<boolean>({
  flags: '--sandbox',
  env: ['ORX_SANDBOX'],
  default: false,
  description: 'use the built-in simulated API: no key, no cost',
  parse: flag('sandbox'),
});
