import type { AccountingNote } from '../../core/budget/accounting.ts';
import { accountingNoteLines } from '../../output/ledger/notes.ts';
import { styled } from '../../output/text/terminal-border.ts';
import type { Context } from '../context.ts';
import type { RunAccounting } from './open-accounting.ts';

/**
 * Prints notes about the record on standard error: budgets nearly used, limits that were added. Even with -q, it prints which requests are not
 * recorded.
 */
export function printAccountingNotes(
  accounting: RunAccounting,
  {
    terminal: {
      streams: { stderr },
      themeOf,
    },
  }: Context,
  { isQuiet = false } = {},
): void {
  const notes = accounting.drainNotes().filter((note) => !isQuiet || isAlarm(note));
  if (notes.length === 0) return;
  const { paint } = themeOf(stderr);
  for (const line of notes.flatMap(accountingNoteLines)) styled(stderr).write(`${paint(['warning'], line)}\n`);
}

/** Returns whether the note must be printed even with -q: an entry is lost, or not in the ledger yet. */
export function isAlarm(note: AccountingNote): boolean {
  return note.type === 'unrecorded';
}
