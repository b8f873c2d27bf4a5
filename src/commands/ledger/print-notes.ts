import type { AccountingNote } from '../../core/budget/accounting.ts';
import { OrxError } from '../../errors.ts';
import { accountingNoteLines } from '../../output/ledger/notes.ts';
import { styled } from '../../output/text/terminal-border.ts';
import type { Context } from '../context.ts';
import type { RunAccounting } from './open-accounting.ts';

/**
 * Prints notes about the record on standard error: budgets nearly used, limits that were added. Prints damage, and costs that no
 * budget counts, even with -q.
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

/** Returns whether the note must be printed even with -q. */
export function isAlarm(note: AccountingNote): boolean {
  return note.type === 'unrecorded' && (note.isUnderBudget || isDamage(note.error));
}

/** Returns whether the error means that stored data is lost, not only that new data cannot be written. */
export function isDamage(error: unknown): boolean {
  return error instanceof OrxError && (error.code?.endsWith('-unreadable') ?? false);
}
