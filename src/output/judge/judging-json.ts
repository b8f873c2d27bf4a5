import type { Game, JudgedResult, JudgeMode } from '../../core/judge/judge-pairs.ts';
import type { JudgeSummary } from '../../core/judge/summary.ts';
import { decimalText } from '../../decimal.ts';
import { islandJson } from './board.ts';
import { judgeErrorText, type Judging } from './judging.ts';

/** Returns a judgment as data. */
export function judgingJson({
  model,
  mode,
  criteria,
  results,
  summary,
  spending,
  related,
  error,
}: Judging): Record<string, unknown> {
  return {
    model,
    ...judgeModeJson(mode, criteria),
    prompts: summary.items,
    results: results.map(resultJson),
    ...judgeSummaryJson(summary, mode),
    same_vendor: related,
    requests: spending.requests,
    cost: decimalText(spending.cost),
    requests_of_unknown_cost: spending.unknown,
    ...(error !== undefined && { error: judgeErrorText(error) }),
  };
}

/** Returns how a judge compared answers, as data. */
export function judgeModeJson(mode: JudgeMode, criteria: string | undefined): Record<string, unknown> {
  return { mode: mode.kind, ...(mode.kind === 'against' && { against: mode.lane }), criteria: criteria ?? null };
}

/** Returns the summary of a judgment as data. */
export function judgeSummaryJson(summary: JudgeSummary, mode: JudgeMode): Record<string, unknown> {
  const { against, islands, scores, consistency, unreadable, failed } = summary;
  return {
    ...(mode.kind === 'against' && { lanes: against.map(againstJson) }),
    ...(mode.kind === 'pairs' && { groups: islands.map(islandJson) }),
    ...(mode.kind === 'score' && {
      scores: scores.map(({ lane, score, undecided }) => ({
        lane,
        mean: score?.mean ?? null,
        lower: score?.interval?.lower ?? null,
        upper: score?.interval?.upper ?? null,
        prompts: score?.n ?? 0,
        undecided,
      })),
    }),
    consistency:
      consistency === undefined
        ? null
        : {
            pairs: consistency.pairs,
            consistent: consistency.consistent,
            share: consistency.share,
            lower: consistency.interval.lower,
            upper: consistency.interval.upper,
            first_answer: consistency.toFirstSlot,
            second_answer: consistency.toSecondSlot,
          },
    unreadable,
    failed,
  };
}

function againstJson({
  lane,
  wins,
  ties,
  losses,
  share,
  undecided,
  lengthControl,
}: JudgeSummary['against'][number]): Record<string, unknown> {
  return {
    lane,
    wins,
    ties,
    losses,
    undecided,
    win_share: share?.estimate ?? null,
    lower: share?.interval?.lower ?? null,
    upper: share?.interval?.upper ?? null,
    p: share?.p ?? null,
    adjusted_p: share?.adjustedP ?? null,
    smallest_difference_shown: share?.smallestShown ?? null,
    conclusion: share?.conclusion ?? null,
    ...(lengthControl !== undefined && { win_share_at_equal_length: lengthControl.controlledRate }),
  };
}

function resultJson(result: JudgedResult): Record<string, unknown> {
  const spent = { requests: result.spending.requests, cost: decimalText(result.spending.cost) };
  if (result.kind === 'score')
    return { prompt: result.item, lane: result.lane, ...judgmentJson(result.judgment, 'score'), ...spent };
  const { item, first, second, winner, isConsistent, games } = result;
  return {
    prompt: item,
    first,
    second,
    winner,
    consistent: isConsistent ?? null,
    games: games.map(({ shownFirst, judgment }) => ({
      shown_as_a: shownFirst === 'first' ? first : second,
      ...judgmentJson(judgment, 'verdict'),
    })),
    ...spent,
  };
}

function judgmentJson(
  judgment: Game['judgment'] | { state: 'decided'; value: number; reason: string },
  name: string,
): Record<string, unknown> {
  if (judgment.state === 'decided') return { state: 'decided', [name]: judgment.value, reason: judgment.reason };
  if (judgment.state === 'unreadable') return { state: 'unreadable', why: judgment.why };
  return { state: 'failed', error: judgeErrorText(judgment.error) };
}
