import type { ErrorKind } from '../errors.ts';

/** Documented in README.md and in `orx --help`; scripts depend on them. */
export const EXIT_CODES: Readonly<Record<ErrorKind, number>> = {
  unexpected: 1,
  usage: 2,
  authentication: 3,
  credits: 4,
  'rate-limit': 5,
  'no-endpoint': 6,
  provider: 7,
  network: 8,
  'model-mismatch': 9,
  interrupted: 130,
};
