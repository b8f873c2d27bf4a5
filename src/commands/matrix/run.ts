import type { EvaluationFile } from '../../core/evaluation/test-case.ts';
import type { MatrixPlan } from '../../core/matrix/cell.ts';
import { usageError } from '../../errors.ts';
import { unreadableLines, understoodLines } from '../../output/matrix/understood.ts';
import { countOf } from '../../output/text/count-of.ts';
import { visibleLine } from '../../output/text/visible.ts';
import type { Context } from '../context.ts';
import { explainFailure } from '../catalogue/explain-failure.ts';
import { checkReportPlace } from '../write-report.ts';
import { confirmCost, matrixQuoteLines } from './confirm.ts';
import { checkVersionOf, executeMatrix } from './execute.ts';
import type { MatrixExecution } from './execution.ts';
import { judgeNotes, prepareMatrixJudge } from './judge.ts';
import { printLines } from './print-lines.ts';
import { createRun, noteResume, openEarlierRun, type OpenRun } from './open-run.ts';
import type { MatrixOptions, StoredRunsOptions } from './options.ts';
import { prepareMatrixLanes } from './prepare-lanes.ts';
import { casesWithSchema, checkExpectations, filteredCases, findClusters } from './cases.ts';
import { type QuotedPlan, quotePlan } from './quote.ts';
import { runStoredRuns } from './runs.ts';

const MOST_UNREADABLE = 50;

/** `orx compare --prompts FILE`: asks every prompt of a file in all lanes, and checks the answers. */
export async function runMatrix(options: MatrixOptions | StoredRunsOptions, context: Context): Promise<number> {
  if (options.kind === 'runs') return runStoredRuns(options, context);
  await checkReportPlace(options.place);
  const file = await readFile(options, context);
  const { lanes, settings, schema } = await prepareMatrixLanes(options, file, context);
  const cases = casesWithSchema(filteredCases(file, options.filters), schema);
  const plan: MatrixPlan = { cases, lanes, repetitions: options.repetitions };
  const clusterOf = options.cluster === undefined ? undefined : await findClusters(options.cluster, cases);
  const judge = await prepareMatrixJudge(options, plan, settings, context);
  if (options.rankBy === 'quality' && judge?.judging === undefined) await checkExpectations(cases);
  if (judge !== undefined && !options.isQuiet) printLines(judgeNotes(judge), context);
  if (options.isDryRun) {
    printLines(matrixQuoteLines(await quotePlan(plan, settings, undefined, { judge, clusterOf }, context)), context);
    return 0;
  }
  const earlier = await openEarlierRun(options, context);
  let run = earlier;
  try {
    const quoted = await quoteAndConfirm({ options, plan, settings, judge, clusterOf }, earlier, context);
    const facts = { lanes: lanes.map(({ name }) => name), cells: quoted.cells };
    run = earlier ?? (await createRun(options, facts, context));
    if (earlier !== undefined) noteResume(earlier, facts, context);
    return await executeMatrix({ options, plan, settings, judge, clusterOf, run, quoted }, context);
  } catch (error) {
    throw await explainFailure(error, [...new Set(lanes.map(({ model }) => model))], settings, context);
  } finally {
    run?.close();
  }
}

/** Says what the missing answers may cost, and asks if that is much. */
async function quoteAndConfirm(
  { options, plan, settings, judge, clusterOf }: Omit<MatrixExecution, 'run' | 'quoted'>,
  earlier: OpenRun | undefined,
  context: Context,
): Promise<QuotedPlan> {
  const { isQuiet, isConfirmed, maxCost } = options;
  const damaged = earlier?.journal.damaged ?? 0;
  if (damaged > 0)
    printLines([`warning: ${countOf(damaged, 'line')} of ${visibleLine(earlier!.journal.path)} cannot be read`], context);
  const stored = earlier && { journal: earlier.journal, checkVersionOf: checkVersionOf(judge) };
  const quoted = await quotePlan(plan, settings, stored, { judge, clusterOf }, context);
  if (quoted.cells === 0) throw usageError(`no case of ${options.path} matches`, 'omit --filter, or use another text');
  if (!isQuiet) printLines(matrixQuoteLines(quoted), context);
  const limit = settings['confirm-above'];
  await confirmCost(quoted, { limit, isConfirmed, isLimited: maxCost !== undefined }, context);
  return quoted;
}

/** Reads the file and says what it contains. Throws kind `usage` if a row cannot be read: nothing is sent then. */
async function readFile(options: MatrixOptions, context: Context): Promise<EvaluationFile> {
  const file = await context.files.openEvaluation(options.path, options.reading);
  if (!options.isQuiet) printLines(understoodLines(file), context);
  const { length } = file.unreadable;
  if (length > 0) {
    printLines(unreadableLines(file, MOST_UNREADABLE), context);
    throw usageError(`${countOf(length, 'row')} of ${options.path} cannot be read`, 'correct the file; nothing was sent');
  }
  if (file.caseCount === 0) throw usageError(`${options.path} has no prompts`, 'name a file with prompts: --prompts FILE');
  return file;
}
