import { bookNoteLines } from '../output/book-notes.ts';
import { styled } from '../output/terminal-border.ts';
import type { Context } from './context.ts';
import type { RunBook } from './open-book.ts';

/**
 * Says on standard error what there is to say about the booking: budgets nearly used, limits that were added. That a request is missing from the
 * ledger is said even where the user wants to hear nothing.
 */
export function sayBookNotes(book: RunBook, { streams: { stderr }, themeOf }: Context, { isQuiet = false } = {}): void {
  const notes = book.takeNotes().filter(({ type }) => !isQuiet || type === 'unbooked');
  if (notes.length === 0) return;
  const { paint } = themeOf(stderr);
  for (const line of notes.flatMap(bookNoteLines)) styled(stderr).write(`${paint(['warning'], line)}\n`);
}
