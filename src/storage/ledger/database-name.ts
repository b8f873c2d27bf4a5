import type { DatabaseName } from '../sqlite/errors.ts';

export const LEDGER_DATABASE: DatabaseName = {
  code: 'ledger',
  title: 'the ledger',
  isPlural: false,
  command: 'orx ledger check',
};
