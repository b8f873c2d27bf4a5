import type { EvaluationFile } from '../../core/evaluation/test-case.ts';
import type { MatrixPlan } from '../../core/matrix/cell.ts';
import { checkAnswer } from '../../core/matrix/check-answer.ts';
import { storedError } from '../../core/matrix/answer-record.ts';
import { MatrixRun } from '../../core/matrix/matrix-run.ts';
import type { MatrixReport } from '../../core/matrix/report.ts';
import { MatrixSummary } from '../../core/matrix/summarize.ts';
import type { ChatSettings } from '../../core/settings/groups.ts';
import { type OrxError, usageError } from '../../errors.ts';
import { cellLine, summaryLine } from '../../output/matrix/json.ts';
import { unreadableLines, understoodLines } from '../../output/matrix/understood.ts';
import { visibleLine } from '../../output/text/visible.ts';
import { VERSION } from '../../version.ts';
import type { Context } from '../context.ts';
import { explainFailure } from '../explain-failure.ts';
import { printAccountingNotes } from '../ledger/print-notes.ts';
import { checkReportPlace } from '../write-report.ts';
import { confirmCost, matrixQuoteLines } from './confirm.ts';
import { matrixExitCode } from './exit-code.ts';
import { openLines } from './lines.ts';
import { createRun, noteResume, openEarlierRun, type OpenRun } from './open-run.ts';
import { openRunner } from './open-runner.ts';
import type { MatrixOptions, StoredRunsOptions } from './options.ts';
import { prepareMatrixLanes } from './prepare-lanes.ts';
import { ProgressLine } from './progress.ts';
import { filteredCases, type QuotedPlan, quotePlan } from './quote.ts';
import { runStoredRuns } from './runs.ts';
import { settleAfterStop } from './settle.ts';
import { showReport } from './show-report.ts';

const MOST_UNREADABLE = 50;

/** `orx compare --prompts FILE`: asks every prompt of a file in all lanes, and checks the answers. */
export async function runMatrix(options: MatrixOptions | StoredRunsOptions, context: Context): Promise<number> {
  if (options.kind === 'runs') return runStoredRuns(options, context);
  await checkReportPlace(options.place);
  const file = await readFile(options, context);
  const { lanes, settings } = await prepareMatrixLanes(options, file, context);
  const plan: MatrixPlan = { cases: filteredCases(file, options.filters), lanes, repetitions: options.repetitions };
  if (options.isDryRun) {
    printLines(matrixQuoteLines(await quotePlan(plan, settings, undefined, context)), context);
    return 0;
  }
  const earlier = await openEarlierRun(options, context);
  let run = earlier;
  try {
    const quoted = await quoteAndConfirm({ options, plan, settings }, earlier, context);
    const facts = { lanes: lanes.map(({ name }) => name), cells: quoted.cells };
    run = earlier ?? (await createRun(options, facts, context));
    if (earlier !== undefined) noteResume(earlier, facts, context);
    return await execute({ options, plan, settings, run, quoted }, context);
  } catch (error) {
    throw await explainFailure(error, [...new Set(lanes.map(({ model }) => model))], settings, context);
  } finally {
    run?.close();
  }
}

interface Execution {
  options: MatrixOptions;
  plan: MatrixPlan;
  settings: ChatSettings;
  run: OpenRun;
  quoted: QuotedPlan;
}

/** Says what the missing answers may cost, and asks if that is much. */
async function quoteAndConfirm(
  { options, plan, settings }: Pick<Execution, 'options' | 'plan' | 'settings'>,
  earlier: OpenRun | undefined,
  context: Context,
): Promise<QuotedPlan> {
  const { isQuiet, isConfirmed, maxCost } = options;
  const damaged = earlier?.journal.damaged ?? 0;
  if (damaged > 0) printLines([`warning: ${damaged} lines of ${visibleLine(earlier!.journal.path)} cannot be read`], context);
  const quoted = await quotePlan(plan, settings, earlier?.journal, context);
  if (quoted.cells === 0) throw usageError(`no case of ${options.path} matches`, 'omit --filter, or use another text');
  if (!isQuiet) printLines(matrixQuoteLines(quoted), context);
  const limit = settings['confirm-above'];
  await confirmCost(quoted, { limit, isConfirmed, isLimited: maxCost !== undefined }, context);
  return quoted;
}

async function execute({ options, plan, settings, run, quoted }: Execution, context: Context): Promise<number> {
  const { isQuiet } = options;
  const { journal } = run;
  const startedAt = context.clock.now();
  const { runner, accounting } = await openRunner(options, plan.lanes, settings, run, context);
  const services = await context.tools.openScripts();
  const lines = await openLines(options, context);
  const progress = openProgress(options, plan, quoted, { runner, journal }, context);
  const matrix = new MatrixRun({
    plan,
    journal,
    runner,
    check: async ({ testCase }, answers) => ({ outcome: await checkAnswer(testCase, answers, services), isFinal: true }),
    // Another version of orx may check differently.
    checker: `orx ${VERSION}`,
    async onResult(result) {
      progress.see(result);
      await lines?.write(cellLine(result, plan.lanes));
    },
    breathe: async () => context.clock.sleep(0),
  });
  try {
    await settleAfterStop(matrix.run(), { runner, progress, isQuiet }, context);
  } finally {
    progress.end();
    await accounting.close();
    printAccountingNotes(accounting, context, options);
  }
  const report = await reportOf(
    matrix,
    { options, plan, settings, run, quoted },
    { startedAt, stopped: runner.stopped },
    context,
  );
  await lines?.write(summaryLine(report));
  await lines?.end();
  await showReport(report, options, context);
  if (!isQuiet) printResume(run, report, context);
  return matrixExitCode(report, options, runner.stopped);
}

/** Reads the file and says what it contains. Throws kind `usage` if a row cannot be read: nothing is sent then. */
async function readFile(options: MatrixOptions, context: Context): Promise<EvaluationFile> {
  const file = await context.files.openEvaluation(options.path, options.reading);
  if (!options.isQuiet) printLines(understoodLines(file), context);
  const { length } = file.unreadable;
  if (length > 0) {
    printLines(unreadableLines(file, MOST_UNREADABLE), context);
    throw usageError(
      `${length} ${length === 1 ? 'row' : 'rows'} of ${options.path} cannot be read`,
      'fix them; nothing was sent',
    );
  }
  if (file.caseCount === 0) throw usageError(`${options.path} has no prompts`, 'name a file with prompts: --prompts FILE');
  return file;
}

function printLines(lines: readonly string[], { terminal: { streams } }: Context): void {
  for (const line of lines) streams.stderr.write(`${line}\n`);
}

function openProgress(
  { isQuiet, format, place }: MatrixOptions,
  { lanes }: MatrixPlan,
  { cells, low, high, requests, unpriced }: QuotedPlan,
  { runner, journal }: { runner: ConstructorParameters<typeof ProgressLine>[0]['runner']; journal: OpenRun['journal'] },
  context: Context,
): ProgressLine {
  const { cost } = journal.totals();
  const quoted = requests === 0 || unpriced.length > 0 ? undefined : { low: low.plus(cost), high: high.plus(cost) };
  // Lines of results and a line that is redrawn do not mix on one terminal.
  const isMixed = format === 'jsonl' && place.out === undefined && context.terminal.streams.stdout.isTTY;
  return new ProgressLine({ cells, lanes, quoted, runner, journal, isSilent: isQuiet || isMixed }, context);
}

async function reportOf(
  matrix: MatrixRun,
  { options, plan, settings, run, quoted }: Execution,
  { startedAt, stopped }: { startedAt: number; stopped: OrxError | undefined },
  context: Context,
): Promise<MatrixReport> {
  const summary = new MatrixSummary(plan.lanes);
  for await (const result of matrix.results()) summary.add(result);
  return {
    id: run.isTemporary ? undefined : run.id,
    source: options.path,
    isSandbox: settings.sandbox,
    orx: VERSION,
    startedAt,
    endedAt: context.clock.now(),
    cases: quoted.cases,
    repetitions: plan.repetitions,
    lanes: summary.lanes(),
    totals: run.journal.totals(),
    stopped: stopped === undefined ? undefined : storedError(stopped),
    cells: (lane) => matrix.results(lane),
  };
}

/** Prints how to request the missing answers. */
function printResume({ isTemporary, id }: OpenRun, { lanes }: MatrixReport, context: Context): void {
  const missing = lanes.reduce((sum, { cells }) => sum + cells['not-asked'] + cells.failed + cells.empty, 0);
  if (missing === 0) return;
  const how = isTemporary
    ? 'the run is not stored, because the history is off'
    : `to continue, repeat the command with --resume ${id}`;
  printLines([`${missing} ${missing === 1 ? 'cell has' : 'cells have'} no answer; ${how}`], context);
}
