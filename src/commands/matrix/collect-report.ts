import { storedError } from '../../core/matrix/answer-record.ts';
import type { MatrixPlan } from '../../core/matrix/cell.ts';
import type { CellResult } from '../../core/matrix/cell-result.ts';
import type { MatrixJudging } from '../../core/matrix/judged.ts';
import { withoutWords } from '../../core/matrix/lane-verdicts.ts';
import type { MatrixRun } from '../../core/matrix/matrix-run.ts';
import { judgedQualities, rankMatrixLanes } from '../../core/matrix/rank-lanes.ts';
import type { MatrixReport } from '../../core/matrix/report.ts';
import { MatrixSummary } from '../../core/matrix/summarize.ts';
import type { JudgedResult } from '../../core/judge/judge-pairs.ts';
import { summarizeJudging } from '../../core/judge/summary.ts';
import type { OrxError } from '../../errors.ts';
import { VERSION } from '../../version.ts';
import type { Context } from '../context.ts';
import type { MatrixExecution } from './execution.ts';
import { asMany } from './handled-many.ts';
import type { PreparedJudge } from './judge.ts';

/** Up to this size of the journal, in bytes, the results are read once, and stay in memory until they are shown. */
const MOST_KEPT = 4 * 1024 * 1024;

/** Returns the report of a run that has ended, from its journal. */
export async function collectReport(
  matrix: MatrixRun,
  { options, plan, settings, judge, clusterOf, run, quoted }: MatrixExecution,
  { startedAt, stopped }: { startedAt: number; stopped: OrxError | undefined },
  context: Context,
): Promise<MatrixReport> {
  const summary = new MatrixSummary(plan.lanes, clusterOf);
  const judged: JudgedResult[] = [];
  const results = matrix.results(undefined, (one) => judged.push(withoutWords(one)));
  const kept: CellResult[] | undefined = run.journal.bytes > MOST_KEPT ? undefined : [];
  for await (const result of asMany(results, quoted.cells, context)) {
    summary.add(result);
    kept?.push(result);
  }
  const lanes = summary.lanes();
  const mode = judge?.judging?.mode;
  const qualities = mode === undefined ? undefined : judgedQualities(judged, mode, plan.lanes);
  const cells = (lane?: number): AsyncIterable<CellResult> => (kept === undefined ? matrix.results(lane) : ofLane(kept, lane));
  return {
    id: run.isTemporary ? undefined : run.id,
    source: options.path,
    isSandbox: settings.sandbox,
    orx: VERSION,
    startedAt,
    endedAt: context.clock.now(),
    cases: quoted.cases,
    repetitions: plan.repetitions,
    ...(options.cluster !== undefined && { cluster: options.cluster }),
    lanes,
    ...(options.rankBy !== undefined && { ranking: rankMatrixLanes(lanes, options.rankBy, qualities) }),
    ...(judge !== undefined && { judging: judgingOf(judge, judged, plan) }),
    totals: run.journal.totals(),
    stopped: stopped === undefined ? undefined : storedError(stopped),
    conditions: { command: options.command, lanes: quoted.conditions },
    cells: (lane) => asMany(cells(lane), quoted.cells, context),
  };
}

async function* ofLane(results: readonly CellResult[], lane: number | undefined): AsyncGenerator<CellResult> {
  for (const result of results) if (lane === undefined || result.cell.lane === lane) yield result;
}

function judgingOf(
  { model, judging, related }: PreparedJudge,
  judged: readonly JudgedResult[],
  { lanes }: MatrixPlan,
): MatrixJudging {
  return {
    model,
    mode: judging?.mode,
    criteria: judging?.criteria,
    summary:
      judging === undefined
        ? undefined
        : summarizeJudging(
            judged,
            judging.mode,
            lanes.map(({ name }) => name),
          ),
    related,
  };
}
