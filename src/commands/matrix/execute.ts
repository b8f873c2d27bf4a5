import type { TestCase } from '../../core/evaluation/test-case.ts';
import type { ExpectationGrade, GradeRequest } from '../../core/evaluation/expectations/evaluate-case.ts';
import { gradeExpectation } from '../../core/judge/grade-expectation.ts';
import type { MatrixPlan } from '../../core/matrix/cell.ts';
import { checkAnswer } from '../../core/matrix/check-answer.ts';
import { judgedExpectations, type MatrixJudging } from '../../core/matrix/judged.ts';
import { MatrixRun } from '../../core/matrix/matrix-run.ts';
import type { MatrixReport } from '../../core/matrix/report.ts';
import { storedJudge } from '../../core/matrix/stored-judge.ts';
import { cellLine, summaryLine, verdictLine } from '../../output/matrix/json.ts';
import { countOf } from '../../output/text/count-of.ts';
import { VERSION } from '../../version.ts';
import type { Context } from '../context.ts';
import { printAccountingNotes } from '../ledger/print-notes.ts';
import { noVerdict } from '../judge/show-judging.ts';
import type { MatrixExecution } from './execution.ts';
import { matrixExitCode } from './exit-code.ts';
import { handledMany } from './handled-many.ts';
import { openMatrixJudge, openVerdictStore, type PreparedJudge } from './judge.ts';
import { openLines } from './lines.ts';
import type { OpenRun } from './open-run.ts';
import { openRunner } from './open-runner.ts';
import type { MatrixOptions } from './options.ts';
import { printLines } from './print-lines.ts';
import { ProgressLine } from './progress.ts';
import { collectReport } from './collect-report.ts';
import type { QuotedPlan } from './quote.ts';
import { settleAfterStop } from './settle.ts';
import { showReport } from './show-report.ts';

/** Asks what the journal does not contain, and shows the results. Returns the exit code. */
export async function executeMatrix(execution: MatrixExecution, context: Context): Promise<number> {
  const { options, plan, settings, judge, run, quoted } = execution;
  const { isQuiet } = options;
  const { journal } = run;
  const startedAt = context.clock.now();
  const { runner, accountings } = await openRunner(options, plan.lanes, settings, run, judge, context);
  const services = await context.tools.openScripts();
  const asking = judge === undefined ? undefined : await openMatrixJudge(judge, settings, { runner, journal }, context);
  const storeVerdicts = judge?.judging === undefined ? undefined : await openVerdictStore(judge, plan.lanes, settings, context);
  const lines = await openLines(options, context);
  const progress = openProgress(options, plan, quoted, { runner, journal }, context);
  const many = handledMany(quoted.cells, context);
  const matrix = new MatrixRun({
    plan,
    journal,
    runner,
    check: async ({ testCase }, answers, rivals) => {
      let isFinal = true;
      const grade = async (request: GradeRequest): Promise<ExpectationGrade> => {
        const own = request.type === 'select-best' ? { ...request, answer: answers.at(-1)!.text } : request;
        const graded = await gradeExpectation(asking!, own, rivals);
        isFinal &&= graded.isFinal;
        return graded.grade;
      };
      const outcome = await checkAnswer(testCase, answers, { ...services, ...(asking !== undefined && { grade }) });
      return { outcome, isFinal };
    },
    checkVersionOf: checkVersionOf(judge),
    judging:
      judge?.judging === undefined || asking === undefined
        ? undefined
        : {
            ...judge.judging,
            judge: asking,
            reader: storedJudge({ ...judge, journal }),
            async onJudged(results, cells) {
              storeVerdicts?.(results, cells);
              for (const result of cells) await lines?.write(verdictLine(result, results, plan.lanes));
            },
          },
    async onResult(result) {
      many.begin();
      progress.see(result);
      await lines?.write(cellLine(result, plan.lanes));
    },
    breathe: async () => context.clock.sleep(0),
  });
  try {
    await settleAfterStop(matrix.run(), { runner, progress, isQuiet, runId: run.isTemporary ? undefined : run.id }, context);
  } finally {
    many.end();
    progress.end();
    for (const accounting of accountings) {
      await accounting.close();
      printAccountingNotes(accounting, context, options);
    }
  }
  const report = await collectReport(matrix, execution, { startedAt, stopped: runner.stopped }, context);
  await lines?.write(summaryLine(report));
  await lines?.end();
  await showReport(report, options, context);
  if (!isQuiet) printResume(run, report, context);
  const code = await matrixExitCode(report, options, runner.stopped);
  if (code === 0 && hasNoVerdict(report.judging)) throw noVerdict(report.judging!.model);
  return code;
}

function openProgress(
  { isQuiet, format, place }: MatrixOptions,
  { lanes }: MatrixPlan,
  { cells, low, high, requests, unpriced, judge }: QuotedPlan,
  { runner, journal }: { runner: ConstructorParameters<typeof ProgressLine>[0]['runner']; journal: OpenRun['journal'] },
  context: Context,
): ProgressLine {
  const { cost } = journal.totals();
  const quoted = requests === 0 || unpriced.length > 0 ? undefined : { low: low.plus(cost), high: high.plus(cost) };
  // Lines of results and a line that is redrawn do not mix on one terminal.
  const isMixed = format === 'jsonl' && place.out === undefined && context.terminal.streams.stdout.isTTY;
  return new ProgressLine(
    { cells, lanes, quoted, judgeRequests: judge?.requests, runner, journal, isSilent: isQuiet || isMixed },
    context,
  );
}

/** Prints how to request the missing answers and verdicts. */
function printResume({ isTemporary, id }: OpenRun, { lanes, judging, stopped }: MatrixReport, context: Context): void {
  const missing = lanes.reduce((sum, { cells }) => sum + cells['not-asked'] + cells.failed + cells.empty, 0);
  // A run that was stopped while the judge decided has all answers.
  const isUnjudged = judging !== undefined && (stopped !== undefined || (judging.summary?.failed ?? 0) > 0);
  if (missing === 0 && !isUnjudged) return;
  const how = isTemporary
    ? 'the run is not stored, because the history is off'
    : `to continue, repeat the command with --resume ${id}`;
  const what = missing === 0 ? 'the judge has not decided everything' : `${countOf(missing, 'cell has', 'cells have')} no answer`;
  printLines([`${what}; ${how}`], context);
}

/** Returns the version of the checks of a case: another version of orx may check differently, another judge judges differently. */
export function checkVersionOf(judge: PreparedJudge | undefined): (testCase: TestCase) => string {
  const own = `orx ${VERSION}`;
  const judged = judge === undefined ? own : `${own} judge ${judge.model} ${judge.address}`;
  return (testCase) => (judgedExpectations(testCase).length === 0 ? own : judged);
}

/** Returns whether a judge compared the lanes, and decided nothing. */
function hasNoVerdict(judging: MatrixJudging | undefined): boolean {
  const { summary } = judging ?? {};
  if (summary === undefined || summary.unreadable + summary.failed === 0) return false;
  const { against, islands, scores } = summary;
  return (
    against.every(({ share }) => share === undefined) && islands.length === 0 && scores.every(({ score }) => score === undefined)
  );
}
