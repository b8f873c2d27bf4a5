import type { ThemeName } from '../core/settings.ts';
import { bookNoteLines } from '../output/book-notes.ts';
import { createTheme } from '../output/theme.ts';
import type { Context } from './context.ts';
import type { RunBook } from './open-book.ts';

/**
 * Says on standard error what there is to say about the booking: budgets nearly used, limits that were added, a ledger that refuses. Without
 * a theme in that of the run.
 */
export function sayBookNotes(book: RunBook, { streams: { stderr }, env, themeOf }: Context, theme?: ThemeName): void {
  const notes = book.takeNotes();
  if (notes.length === 0) return;
  const { paint } = theme === undefined ? themeOf(stderr) : createTheme(theme, stderr, env);
  for (const line of notes.flatMap(bookNoteLines)) stderr.write(`${paint(['warning'], line)}\n`);
}
