import type { AccountingNote } from '../../core/budget/accounting.ts';
import { OrxError } from '../../errors.ts';
import { accountingNoteLines } from '../../output/ledger/notes.ts';
import { styled } from '../../output/text/terminal-border.ts';
import type { Context } from '../context.ts';
import type { RunAccounting } from './open-accounting.ts';

/**
 * Prints on standard error what there is to say about the record: budgets nearly used, limits that were added. What is damaged, and
 * money that no budget counts, is said even where the user wants to hear nothing.
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

/** Whether the user must hear it, also with -q. */
export function isAlarm(note: AccountingNote): boolean {
  return note.type === 'unbooked' && (note.isUnderBudget || isDamage(note.error));
}

/** Loss of what was stored before, not only of what would be stored now. */
export function isDamage(error: unknown): boolean {
  return error instanceof OrxError && (error.code?.endsWith('-unreadable') ?? false);
}
