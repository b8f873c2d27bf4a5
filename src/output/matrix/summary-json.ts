import { decimalText } from '../../decimal.ts';
import type { MatrixJudging } from '../../core/matrix/judged.ts';
import { type MatrixReport, passShare } from '../../core/matrix/report.ts';
import type { MatrixRanking } from '../../core/matrix/rank-lanes.ts';
import type { LaneSummary } from '../../core/matrix/summarize.ts';
import type { NumberSpread } from '../../core/statistics/quantile.ts';
import { qualityJson } from '../text/quality.ts';
import { judgeModeJson, judgeSummaryJson } from '../judge/judging-json.ts';

/** Returns a run without its cells as data, for JSON. Rates and differences are shares from 0 to 1, amounts exact USD. */
export function summaryJson(report: MatrixReport): Record<string, unknown> {
  const { totals } = report;
  const { passed, expecting } = passShare(report.lanes);
  return {
    run: report.id ?? null,
    source: report.source,
    ...(report.isSandbox && { sandbox: true }),
    orx: report.orx,
    started_at: new Date(report.startedAt).toISOString(),
    ended_at: new Date(report.endedAt).toISOString(),
    complete: report.stopped === undefined && report.lanes.every(({ cells }) => cells['not-asked'] === 0),
    stopped: report.stopped ?? null,
    cases: report.cases,
    repetitions: report.repetitions,
    ...(report.cluster !== undefined && { cluster: report.cluster }),
    expecting,
    passed,
    cost: totals.cost,
    judge_cost: totals.judgeCost,
    answers_without_cost: totals.unpriced,
    ...(report.judging !== undefined && { judge: matrixJudgingJson(report.judging) }),
    lanes: report.lanes.map(laneJson),
    ...(report.ranking !== undefined && rankingJson(report.ranking, report.lanes)),
  };
}

function rankingJson({ by, lanes }: MatrixRanking, summaries: readonly LaneSummary[]): Record<string, unknown> {
  return {
    ranked_by: by,
    ranking: lanes.map(({ lane, rank, quality }) => ({
      rank: rank ?? null,
      lane: summaries[lane]!.name,
      requested_model: summaries[lane]!.model,
      ...(by === 'quality' && { quality: qualityJson(quality, 'prompts') }),
    })),
  };
}

function matrixJudgingJson({ model, mode, criteria, summary, related }: MatrixJudging): Record<string, unknown> {
  return {
    model,
    ...(mode !== undefined && judgeModeJson(mode, criteria)),
    ...(mode !== undefined && summary !== undefined && { prompts: summary.items, ...judgeSummaryJson(summary, mode) }),
    same_vendor: related,
  };
}

function laneJson(lane: LaneSummary): Record<string, unknown> {
  const { cells, passRate, difference } = lane;
  return {
    lane: lane.name,
    requested_model: lane.model,
    cells: { answered: cells.answered, empty: cells.empty, failed: cells.failed, not_asked: cells['not-asked'] },
    expecting: lane.expecting,
    passed: lane.passed,
    not_run: lane.notRun,
    pass_rate:
      passRate === undefined
        ? null
        : {
            rate: passRate.rate,
            items: passRate.n,
            ...(passRate.clusters !== undefined && { clusters: passRate.clusters }),
            confidence: 0.95,
            lower: passRate.interval?.lower ?? null,
            upper: passRate.interval?.upper ?? null,
          },
    difference_to_first:
      difference === undefined
        ? null
        : {
            estimate: difference.estimate,
            ...(difference.clusters === undefined ? { items: difference.n } : { clusters: difference.clusters }),
            lower: difference.interval?.lower ?? null,
            upper: difference.interval?.upper ?? null,
            test: difference.test,
            p: difference.p ?? null,
            adjusted_p: difference.adjustedP ?? null,
            ...(difference.bootstrap !== undefined && { bootstrap: difference.bootstrap }),
            smallest_shown: difference.smallestShown ?? null,
            conclusion: difference.conclusion,
          },
    metrics: Object.fromEntries(lane.metrics),
    cost: decimalText(lane.cost),
    cost_is_complete: !lane.hasUnknownCost,
    prompt_tokens: lane.promptTokens,
    completion_tokens: lane.completionTokens,
    duration_ms: spreadJson(lane.durationMs),
    time_to_first_token_ms: spreadJson(lane.timeToFirstTokenMs),
    tokens_per_second: spreadJson(lane.throughput),
  };
}

function spreadJson(spread: NumberSpread | undefined): Record<string, unknown> | null {
  if (spread === undefined) return null;
  const { n, median, kind, low, high } = spread;
  return { n, median, ...(kind === 'range' ? { min: low, max: high } : { p10: low, p90: high }) };
}
