import type { LanePlan } from '../../core/compare/lane-plan.ts';
import type { CompareState, Lane } from '../../core/compare/state.ts';
import { emptyReason } from '../../core/answer/missing.ts';
import { judgeCase, type JudgedResult, type JudgeMode, judgeRequests } from '../../core/judge/judge-pairs.ts';
import { promptHash, sharedMessages } from '../../core/judge/question.ts';
import { sharesVendor } from '../../core/judge/same-vendor.ts';
import { storedVerdict } from '../../core/judge/stored-verdict.ts';
import { laneQualities } from '../../core/judge/lane-quality.ts';
import { summarizeJudging } from '../../core/judge/summary.ts';
import type { Quality } from '../../core/statistics/quality.ts';
import type { ChatSettings } from '../../core/settings/groups.ts';
import type { Message } from '../../apis/message.ts';
import type { RankingJudge } from '../../output/compare/ranking-table.ts';
import type { Judging } from '../../output/judge/judging.ts';
import { countOf } from '../../output/text/count-of.ts';
import { visibleLine } from '../../output/text/visible.ts';
import { VERSION } from '../../version.ts';
import type { Context } from '../context.ts';
import { judgeMode, readRubric } from './judge-mode.ts';
import { openNamedJudge } from './open-judge.ts';
import type { LaneJudgeOptions } from './options.ts';
import { boardNames, storedLane } from './stored-lane.ts';

/** A judge for the lanes of one comparison. */
export interface LaneJudge {
  /**
   * Judges the answers, and stores the verdicts unless nothing of the comparison is stored. Never rejects because of the judge: what
   * ended the judging early is in the result. Returns why there was nothing to judge if the answers that came cannot be compared.
   */
  judge: (state: CompareState) => Promise<JudgedLanes | NothingJudged>;
  /** The judge's model, and what it compares. */
  facts: RankingJudge;
}

/** Why no answer was judged. */
export interface NothingJudged {
  nothingJudged: string;
}

/** A judgment of the lanes of one comparison. */
export interface JudgedLanes {
  judging: Judging;
  /** Of the lanes with a readable verdict, by their number. */
  qualities: ReadonlyMap<number, Quality>;
}

/** Looks up the judge and its criteria before anything is sent, so that a wrong name costs nothing. */
export async function openLaneJudge(
  options: LaneJudgeOptions,
  plans: readonly LanePlan[],
  settings: ChatSettings,
  context: Context,
  { conversation, isQuiet }: { conversation: string; isQuiet: boolean },
): Promise<LaneJudge> {
  const names = boardNames(plans);
  const mode = judgeMode(
    options,
    plans.map(({ model: own, lane }, index) => ({ name: names[index]!, model: own, number: lane + 1 })),
  );
  const criteria = await readRubric(options.rubric, context);
  const opened = await openNamedJudge(options.model, settings, context, { conversation, isQuiet });
  const { judge } = opened;
  const { model } = judge;
  const messages = plans.map(messagesOf);
  const item = promptHash(messages);
  const question = sharedMessages(messages);
  return {
    facts: { model, mode },
    async judge(state) {
      const answered = state.lanes.flatMap((lane, index) => (hasText(lane) ? [{ lane, name: names[index]! }] : []));
      const rounds = [...new Set(answered.map(({ lane }) => lane.repetition))];
      const all = rounds.map((repetition) => ({
        item,
        messages: question,
        answers: answered
          .filter(({ lane }) => lane.repetition === repetition)
          .map(({ lane, name }) => ({ lane: name, text: lane.answer.text })),
      }));
      const cases = mode.kind === 'against' ? all.filter(({ answers }) => answers.some(({ lane }) => lane === mode.lane)) : all;
      const planned = cases.reduce((sum, { answers }) => sum + judgeRequests(mode, answers.length), 0);
      if (planned === 0) return { nothingJudged: nothingJudged(mode, answered.length) };
      printProgress(model, planned, context);
      const repeated: JudgedResult[][] = cases.map(() => []);
      let error: unknown;
      try {
        for (const [round, judged] of cases.entries())
          await judgeCase(judge, judged, { mode, criteria }, (result) => void repeated[round]!.push(result));
      } catch (failure) {
        error = failure;
      }
      const results = repeated.flat();
      if (settings.history) await store(results);
      opened.printNotes();
      const judging = {
        model,
        mode,
        criteria,
        results,
        summary: summarizeJudging(results, mode, [...new Set(names)]),
        spending: judge.spent(),
        related: sharesVendor(
          model,
          answered.map(({ lane }) => lane.model),
        ),
        ...(error !== undefined && { error }),
      };
      const named = laneQualities(repeated, mode, [...new Set(names)]);
      const qualities = plans.flatMap(({ lane }, index): [number, Quality][] => {
        const quality = named.get(names[index]!);
        return quality === undefined ? [] : [[lane, quality]];
      });
      return { judging, qualities: new Map(qualities) };

      async function store(all: readonly JudgedResult[]): Promise<void> {
        const pairs = all.filter((result) => result.kind === 'pair');
        if (pairs.length === 0) return;
        const lanes = new Map(answered.map(({ lane, name }) => [name, storedLane(name, lane)]));
        const origin = {
          at: context.clock.now(),
          orx: VERSION,
          judge: model,
          criteria,
          laneOf: (name: string) => lanes.get(name)!,
        };
        try {
          (await context.stores.for(settings).openDecisions()).addVerdicts(pairs.map((pair) => storedVerdict(pair, origin)));
        } catch (failure) {
          error ??= failure;
        }
      }
    },
  };
}

/** Every answer of the other lanes is compared with one of the reference lane. */
function nothingJudged(mode: JudgeMode, answers: number): string {
  return mode.kind === 'against' && answers > 1
    ? `${visibleLine(mode.lane)} has no answer to compare with (--against names another lane)`
    : 'fewer than two answers';
}

function hasText({ state, answer }: Lane): boolean {
  return state === 'done' && emptyReason(answer) === undefined && answer.text.trim() !== '';
}

/** The messages of a lane with its system prompt, which the settings hold. */
function messagesOf({ messages, settings: { system } }: LanePlan): readonly Message[] {
  return system === undefined ? messages : [{ role: 'system', content: system }, ...messages];
}

function printProgress(model: string, requests: number, { terminal: { streams } }: Context): void {
  if (streams.stderr.isTTY) streams.stderr.write(`${visibleLine(model)} judges: ${countOf(requests, 'request')}\n`);
}
