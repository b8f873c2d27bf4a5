import type { LanePlan } from '../../core/compare/lane-plan.ts';
import type { CompareState } from '../../core/compare/state.ts';
import type { ChatSettings } from '../../core/settings/groups.ts';
import type { Judging } from '../../output/judge/judging.ts';
import { judgingJson } from '../../output/judge/judging-json.ts';
import type { PartOf } from '../compare/comparison.ts';
import type { CompareRunOptions } from '../compare/options.ts';
import type { Context } from '../context.ts';
import { openLaneJudge } from './lane-judge.ts';
import { checkVotedLanes, type LaneJudgeOptions } from './options.ts';
import { judgingError, showJudging } from './show-judging.ts';
import { openBlindVote } from './vote.ts';

/** What a vote and a judge add to a comparison. */
export interface CompareExtras {
  part: Pick<PartOf, 'instead' | 'more'>;
  /** Shows what has not been shown yet. Throws the error that the command ends with. */
  finish: (state: CompareState) => Promise<void>;
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
  let judging: Judging | undefined;
  return {
    part: {
      instead: vote?.show,
      async more(state) {
        if (judge === undefined || state.lanes.some((lane) => lane.state === 'stopped')) return {};
        judging = await judge.judge(state);
        return { judge: judging === undefined ? null : judgingJson(judging) };
      },
    },
    async finish(state) {
      if (judge !== undefined && comparison.format !== 'json') {
        judging = await judge.judge(state);
        if (judging === undefined)
          context.terminal.streams.stderr.write('note: fewer than two answers, so there was nothing to judge\n');
        else await showJudging(judging, { isSandbox: settings.sandbox, isQuiet }, context);
      }
      vote?.finish();
      const error = judging && judgingError(judging);
      if (error !== undefined) throw error;
    },
  };
}
