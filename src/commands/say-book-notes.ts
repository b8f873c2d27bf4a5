import type { ThemeName } from '../core/settings.ts';
import { bookNoteLines } from '../output/book-notes.ts';
import { createTheme } from '../output/theme.ts';
import type { Context } from './context.ts';
import type { RunBook } from './open-book.ts';

/** Says on standard error what there is to say about the booking: budgets nearly used, limits that were added, a ledger that refuses. */
export function sayBookNotes(book: RunBook, { streams: { stderr }, env }: Context, theme: ThemeName = 'auto'): void {
  const { paint } = createTheme(theme, stderr, env);
  for (const note of book.takeNotes()) {
    for (const line of bookNoteLines(note)) stderr.write(`${paint(['warning'], line)}\n`);
  }
}
