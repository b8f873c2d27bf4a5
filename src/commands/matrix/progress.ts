import { decimal } from '../../decimal.ts';
import type { CellResult } from '../../core/matrix/cell-result.ts';
import { hasPassed } from '../../core/matrix/cell-result.ts';
import type { RequestRunner } from '../../core/matrix/requests/request-runner.ts';
import type { MatrixJournal } from '../../storage/matrix/journal.ts';
import { type MatrixProgress, progressText } from '../../output/matrix/progress.ts';
import { cellReason } from '../../output/matrix/reason.ts';
import { caseName } from '../../output/matrix/table.ts';
import { drawing, styled } from '../../output/text/terminal-border.ts';
import { visibleLine } from '../../output/text/visible.ts';
import { textWidth } from '../../output/text/width.ts';
import { wrapRows } from '../../output/text/wrap-rows.ts';
import type { Context } from '../context.ts';
import { isDrawable } from '../is-drawable.ts';

interface ProgressOptions {
  cells: number;
  lanes: readonly { name: string }[];
  quoted: MatrixProgress['quoted'];
  /** Requests to the judge that were quoted; undefined without a judge. */
  judgeRequests: number | undefined;
  runner: RequestRunner;
  journal: Pick<MatrixJournal, 'totals'>;
  /** Draw nothing, and print no failures. */
  isSilent: boolean;
}

/** Moves to the start of the row, and erases it. */
const ERASED = '\u001b[1G\u001b[K';
const REDRAW_MS = 200;
/** Failures that are printed while the run continues. All of them are in the result. */
const MOST_FAILURES = 5;

/** Shows the progress of a run as one line on a terminal, below its first failures. Prints nothing in a pipe. */
export class ProgressLine {
  readonly #options: ProgressOptions;
  readonly #context: Context;
  readonly #isDrawn: boolean;
  readonly #startedAt: number;
  readonly #judgedBefore: number;
  readonly #timer: NodeJS.Timeout | undefined;
  #done = 0;
  #failed = 0;
  #missing = 0;
  #printed = 0;
  #isShown = false;

  constructor(options: ProgressOptions, context: Context) {
    this.#options = options;
    this.#context = context;
    this.#isDrawn = !options.isSilent && isDrawable(context, context.terminal.streams.stderr);
    this.#judgedBefore = options.journal.totals().judged;
    this.#startedAt = context.clock.monotonic();
    this.#timer = this.#isDrawn ? setInterval(() => this.#draw(), REDRAW_MS).unref() : undefined;
  }

  see(result: CellResult): void {
    const { state, outcome } = result;
    this.#done += 1;
    const isFailed = state === 'answered' && outcome !== undefined && outcome.verdict !== 'none' && !hasPassed(result);
    if (isFailed) this.#failed += 1;
    if (state !== 'answered') this.#missing += 1;
    if (isFailed || state === 'failed' || state === 'empty') this.#printFailure(result);
  }

  /** Removes the line, so that other output can follow. */
  clear(): void {
    if (!this.#isShown) return;
    drawing(this.#context.terminal.streams.stderr).write(ERASED);
    this.#isShown = false;
  }

  end(): void {
    clearInterval(this.#timer);
    this.clear();
  }

  #printFailure(result: CellResult): void {
    if (!this.#isDrawn || this.#printed >= MOST_FAILURES) return;
    this.#printed += 1;
    this.clear();
    const { stderr } = this.#context.terminal.streams;
    const { paint } = this.#context.terminal.themeOf(stderr);
    const { testCase, lane } = result.cell;
    const where = `${caseName(testCase)} · ${visibleLine(this.#options.lanes[lane]!.name)}`;
    const what = visibleLine(cellReason(result) ?? '');
    styled(stderr).write(`${paint(['warning'], oneRow(`not passed: ${where}: ${what}`, stderr.columns))}\n`);
    if (this.#printed === MOST_FAILURES) stderr.write('more failures are listed in the result\n');
  }

  #draw(): void {
    const { stderr } = this.#context.terminal.streams;
    drawing(stderr).write(ERASED + oneRow(progressText(this.#progress()), stderr.columns));
    this.#isShown = true;
  }

  #progress(): MatrixProgress {
    const { cells, quoted, judgeRequests, runner, journal } = this.#options;
    const { cost, judged } = journal.totals();
    const elapsed = this.#context.clock.monotonic() - this.#startedAt;
    return {
      cells,
      done: this.#done,
      failed: this.#failed,
      missing: this.#missing,
      running: runner.running,
      judged: judgeRequests === undefined ? undefined : { done: judged - this.#judgedBefore, quoted: judgeRequests },
      spent: decimal(cost),
      quoted,
      leftMs: this.#done === 0 ? undefined : (elapsed / this.#done) * (cells - this.#done),
      pauseMs: runner.pauseMs,
    };
  }
}

/** Cuts a line so that it never wraps. */
function oneRow(text: string, columns: number): string {
  const room = Math.max(1, columns - 1);
  return textWidth(text) <= room ? text : (wrapRows(text, room, { breaks: 'columns' })[0]?.text ?? '');
}
