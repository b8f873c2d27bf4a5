import { bookNoteLines } from '../output/book-notes.ts';
import { styleFor } from '../output/style.ts';
import type { Context } from './context.ts';
import type { RunBook } from './open-book.ts';

/** Says on standard error what there is to say about the booking: budgets nearly used, limits that were added, a ledger that refuses. */
export function sayBookNotes(book: RunBook, { streams: { stderr }, env }: Context): void {
  const style = styleFor(stderr, env);
  for (const note of book.takeNotes()) {
    for (const line of bookNoteLines(note)) stderr.write(`${style('yellow', line)}\n`);
  }
}
