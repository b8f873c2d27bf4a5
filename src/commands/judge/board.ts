import { boardSections, type BoardSource } from '../../core/rating/sections.ts';
import { boardCsv, boardJson, boardMarkdown, boardNotes, boardTable } from '../../output/judge/board.ts';
import { write } from '../../output/text/write-stream.ts';
import type { Context } from '../context.ts';
import { showFormatted } from '../show-formatted.ts';
import type { BoardOptions } from './board-options.ts';

/** Shows the ratings from stored votes and verdicts. Resolves to the exit code. */
export async function runBoard({ settings, source, format }: BoardOptions, context: Context): Promise<number> {
  const store = await context.stores.for(settings).openDecisions();
  const votes = source === 'judge' ? undefined : await store.votes();
  const verdicts = source === 'votes' ? undefined : await store.verdicts();
  const sections = boardSections(votes?.decisions ?? [], verdicts?.decisions ?? []);
  const skipped = [votes, verdicts].flatMap((read) =>
    read === undefined || read.skipped === 0 ? [] : [{ path: read.path, lines: read.skipped }],
  );
  const notes = boardNotes(sections, skipped);
  if (sections.length === 0 && format === 'table') {
    const { printNotes } = await import('../print-notes.ts');
    printNotes(context, notes, settings.sandbox);
    await write(context.terminal.streams.stdout, emptyText(source));
    return 0;
  }
  await showFormatted(context, format, {
    isSandbox: settings.sandbox,
    notes,
    table: () => boardTable(sections),
    csv: () => boardCsv(sections),
    markdown: () => boardMarkdown(sections),
    json: () => boardJson(sections, settings.sandbox),
  });
  return 0;
}

function emptyText(source: BoardSource | undefined): string {
  const vote = 'vote: orx compare "PROMPT" -m MODEL,MODEL --vote\n';
  const judge = 'let a model judge: orx compare "PROMPT" -m MODEL,MODEL --judge MODEL\n';
  if (source === 'votes') return `No votes yet.\n${vote}`;
  if (source === 'judge') return `No verdicts yet.\n${judge}`;
  return `No votes and no verdicts yet.\n${vote}${judge}`;
}
