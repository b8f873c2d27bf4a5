import type { LanePlan } from '../../core/compare/lane-plan.ts';
import type { CompareState } from '../../core/compare/state.ts';
import type { ChatSettings } from '../../core/settings/groups.ts';
import { judgingJson } from '../../output/judge/judging-json.ts';
import type { PartOf } from '../compare/comparison.ts';
import type { Quality } from '../../core/statistics/quality.ts';
import type { CompareRunOptions } from '../compare/options.ts';
import { showRanking } from '../compare/views.ts';
import type { Context } from '../context.ts';
import { type JudgedLanes, type LaneJudge, openLaneJudge } from './lane-judge.ts';
import { checkVotedLanes, type LaneJudgeOptions } from './options.ts';
import { judgingError, showJudging } from './show-judging.ts';
import { openBlindVote } from './vote.ts';

/** What a vote and a judge add to a comparison. */
export interface CompareExtras {
  part: Pick<PartOf, 'instead' | 'judged'>;
  /** Shows what has not been shown yet. Resolves to the quality of the lanes by number; throws the error that the command ends with. */
  finish: (state: CompareState) => Promise<ReadonlyMap<number, Quality> | undefined>;
}

/** Prepares the vote and the judge of a comparison. Throws before anything is sent if one of them is not possible. */
export async function openExtras(
  { judge: judged, isVote, comparison }: { judge: LaneJudgeOptions | undefined; isVote: boolean; comparison: CompareRunOptions },
  plans: readonly LanePlan[],
  settings: ChatSettings,
  context: Context,
  conversation: string,
): Promise<CompareExtras> {
  if (isVote) checkVotedLanes(plans);
  const vote = isVote ? openBlindVote(settings) : undefined;
  const { isQuiet } = comparison;
  const judge = judged && (await openLaneJudge(judged, plans, settings, context, { conversation, isQuiet }));
  let result: JudgedLanes | undefined;
  const judgeAll = async (asked: LaneJudge, state: CompareState): Promise<void> => {
    const judgment = await asked.judge(state);
    if ('nothingJudged' in judgment)
      context.terminal.streams.stderr.write(`note: ${judgment.nothingJudged}, so there was nothing to judge\n`);
    else result = judgment;
  };
  return {
    part: {
      instead: vote?.show,
      judged:
        judge &&
        (async (state) => {
          if (state.lanes.some((lane) => lane.state === 'stopped')) return { fields: {}, qualities: NO_QUALITIES };
          await judgeAll(judge, state);
          return { fields: { judge: result === undefined ? null : judgingJson(result.judging) }, qualities: qualitiesOf(result) };
        }),
    },
    async finish(state) {
      const isSandbox = settings.sandbox;
      if (vote?.isInterrupted() === true) {
        if (comparison.rankBy === 'quality') await showRanking(state, { options: comparison, isSandbox }, context);
        context.lifetime.interrupt.throwIfAborted();
      }
      if (judge !== undefined && comparison.format !== 'json') {
        await judgeAll(judge, state);
        if (result !== undefined) await showJudging(result.judging, { isSandbox, isQuiet }, context);
        if (comparison.rankBy === 'quality') {
          const quality = { judge: judge.facts, qualities: qualitiesOf(result) };
          await showRanking(state, { options: comparison, isSandbox }, context, quality);
        }
      }
      vote?.finish();
      const error = result && judgingError(result.judging);
      if (error !== undefined) throw error;
      return result?.qualities;
    },
  };
}

const NO_QUALITIES: JudgedLanes['qualities'] = new Map();

function qualitiesOf(result: JudgedLanes | undefined): JudgedLanes['qualities'] {
  return result?.qualities ?? NO_QUALITIES;
}
