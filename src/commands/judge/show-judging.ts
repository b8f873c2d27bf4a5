import { OrxError } from '../../errors.ts';
import { type Judging, judgingNotes, judgingReasons, judgingTable } from '../../output/judge/judging.ts';
import type { TableLine } from '../../output/table/table.ts';
import { wrapWords } from '../../output/text/wrap-rows.ts';
import { write } from '../../output/text/write-stream.ts';
import type { Context } from '../context.ts';
import { showTable } from '../show-table.ts';

/** Longest reason shown; JSON has all of it. */
const LONGEST_REASON = 600;

/** Shows a judgment on standard output, with what a reader must know about it. */
export async function showJudging(
  judging: Judging,
  { isSandbox, isQuiet }: { isSandbox: boolean; isQuiet: boolean },
  context: Context,
): Promise<void> {
  await write(context.terminal.streams.stdout, '\n');
  await showTable(context, {
    isSandbox,
    notes: judgingNotes(judging).filter(({ tone }) => !isQuiet || tone === 'warning'),
    lines: (columns) => reasonLines(judging, columns),
    // Without a result, a table of zeros would look like one.
    table: () => (judging.results.length === 0 ? { columns: [], rows: [] } : judgingTable(judging)),
  });
}

function reasonLines({ results }: Judging, columns: number): TableLine[] {
  return judgingReasons(results).flatMap(({ heading, text }) => {
    const cut = text.length > LONGEST_REASON ? `${text.slice(0, LONGEST_REASON)}…` : text;
    const lines = cut === '' ? [] : wrapWords(`    ${cut}`, columns).map((line): TableLine => [{ text: line, tone: 'dim' }]);
    return [...wrapWords(`  ${heading}`, columns).map((line): TableLine => [{ text: line }]), ...lines];
  });
}

/** Returns the error that a command with this judgment ends with: what stopped the judging, or that it decided nothing. */
export function judgingError({ model, results, error }: Judging): unknown {
  if (error !== undefined) return error;
  const isDecided = results.some((result) =>
    result.kind === 'score' ? result.judgment.state === 'decided' : result.winner !== 'undecided',
  );
  if (isDecided) return undefined;
  const failed = results
    .flatMap((result): { state: string; error?: unknown }[] =>
      result.kind === 'score' ? [result.judgment] : result.games.map(({ judgment }) => judgment),
    )
    .find(({ state }) => state === 'failed');
  if (failed !== undefined) return failed.error;
  return noVerdict(model);
}

/** Returns the error of a judge whose replies decide nothing. */
export function noVerdict(model: string): OrxError {
  return new OrxError(`${model} gave no readable verdict`, {
    kind: 'provider',
    code: 'unreadable-verdict',
    hints: ['use another judge: --judge MODEL'],
  });
}
