import { type Judge, openJudge } from '../../core/judge/ask-judge.ts';
import { sharesVendor } from '../../core/judge/same-vendor.ts';
import { storedVerdict } from '../../core/judge/stored-verdict.ts';
import type { JudgedResult } from '../../core/judge/judge-pairs.ts';
import type { MatrixLane, MatrixPlan } from '../../core/matrix/cell.ts';
import type { CellResult } from '../../core/matrix/cell-result.ts';
import { judgedExpectations } from '../../core/matrix/judged.ts';
import { judgeRequestSender } from '../../core/matrix/judge-requests.ts';
import type { LaneJudging } from '../../core/matrix/lane-verdicts.ts';
import type { RequestRunner } from '../../core/matrix/requests/request-runner.ts';
import { storedJudge } from '../../core/matrix/stored-judge.ts';
import type { ChatSettings } from '../../core/settings/groups.ts';
import { usageError } from '../../errors.ts';
import { visibleLine } from '../../output/text/visible.ts';
import type { StoredLane } from '../../storage/decisions/records.ts';
import type { MatrixJournal } from '../../storage/matrix/journal.ts';
import { VERSION } from '../../version.ts';
import { resolveNames } from '../catalogue/resolve-model.ts';
import type { Context } from '../context.ts';
import { judgeMode, readRubric } from '../judge/judge-mode.ts';
import { privacyOf } from '../judge/open-judge.ts';
import { findStoredModel } from '../stored-model.ts';
import type { MatrixOptions } from './options.ts';
import { placeOf } from './places.ts';

/** The judge of a run before anything is sent. */
export interface PreparedJudge extends Pick<MatrixLane, 'model' | 'address' | 'connection'> {
  /** How it compares the lanes; undefined if it only grades expectations of the file. */
  judging: LaneJudging | undefined;
  /** Models of lanes that have the same vendor. */
  related: readonly string[];
}

/**
 * Looks up the judge and its criteria; undefined without `--judge`. It grades the expectations that need a judge, and compares the
 * lanes if the flags say how, or if there is nothing else to judge. Sends nothing to it.
 */
export async function prepareMatrixJudge(
  { judge: options, isQuiet }: MatrixOptions,
  plan: MatrixPlan,
  settings: ChatSettings,
  context: Context,
): Promise<PreparedJudge | undefined> {
  if (options === undefined) return undefined;
  const { lanes } = plan;
  const criteria = await readRubric(options.rubric, context);
  const mode = judgeMode(
    options,
    lanes.map(({ name, model }, index) => ({ name, model, number: index + 1 })),
  );
  const isExplicit = options.rubric !== undefined || options.against !== undefined || options.mode !== 'against';
  const isPossible = lanes.length > 1 || mode.kind === 'score';
  const grades = (!isExplicit || !isPossible) && (await hasJudgedExpectations(plan));
  if (!isPossible && (isExplicit || !grades))
    throw usageError(
      isExplicit
        ? 'one lane cannot be compared'
        : '--judge has nothing to judge: no expectation needs a judge, and there is one lane',
      'name several models: -m MODEL,MODEL',
      'score each answer: --judge-score',
    );
  const [model = options.model] = await resolveNames([options.model], settings, context, { isQuiet });
  const models = lanes.map((lane) => lane.model);
  return {
    ...placeOf(model, settings, context),
    model,
    judging: isExplicit || !grades ? { mode, criteria } : undefined,
    related: sharesVendor(model, models),
  };
}

async function hasJudgedExpectations({ cases }: MatrixPlan): Promise<boolean> {
  for await (const testCase of cases()) if (judgedExpectations(testCase).length > 0) return true;
  return false;
}

/** Opens the judge of a run: its requests are those of the run. */
export async function openMatrixJudge(
  { model, address, connection }: PreparedJudge,
  settings: ChatSettings,
  { runner, journal }: { runner: RequestRunner; journal: MatrixJournal },
  context: Context,
): Promise<Judge> {
  const parameters = (await findStoredModel(model, settings, context))?.supportedParameters;
  const judge = openJudge({
    model,
    send: judgeRequestSender(runner, { model, address, connection }),
    // An empty list says nothing about what the model supports.
    supportedParameters: parameters?.length === 0 ? undefined : parameters,
    routing: privacyOf(settings),
  });
  return storedJudge({ model, address, journal, asked: { judge, journal } });
}

/**
 * Returns a function that adds verdicts to those of `orx compare --board`, unless nothing is stored. Verdicts that were in the
 * journal before were added then.
 */
export async function openVerdictStore(
  { model, judging }: PreparedJudge,
  lanes: readonly MatrixLane[],
  settings: ChatSettings,
  context: Context,
): Promise<(results: readonly JudgedResult[], cells: readonly CellResult[]) => void> {
  if (!settings.history) return () => undefined;
  const decisions = await context.stores.for(settings).openDecisions();
  return (results, cells) => {
    const pairs = results.filter((result) => result.kind === 'pair' && result.spending.requests > 0);
    if (pairs.length === 0) return;
    const stored = new Map(cells.map((cell) => [lanes[cell.cell.lane]!.name, storedLaneOf(cell, lanes)]));
    const origin = {
      at: context.clock.now(),
      orx: VERSION,
      judge: model,
      criteria: judging?.criteria,
      laneOf: (name: string): StoredLane => stored.get(name)!,
    };
    decisions.addVerdicts(pairs.flatMap((pair) => (pair.kind === 'pair' ? [storedVerdict(pair, origin)] : [])));
  };
}

function storedLaneOf({ cell, answers }: CellResult, lanes: readonly MatrixLane[]): StoredLane {
  const { name, model } = lanes[cell.lane]!;
  const last = answers.at(-1);
  return {
    name,
    model,
    ...(last?.model !== undefined && { served: last.model }),
    ...(last?.provider !== undefined && { provider: last.provider }),
  };
}

/** Returns what is said about the judge before anything is sent. */
export function judgeNotes({ model, judging, related }: PreparedJudge): string[] {
  const how =
    judging === undefined
      ? 'grades the expectations that need a judge'
      : judging.mode.kind === 'score'
        ? 'scores each answer from 1 to 10'
        : `compares ${judging.mode.kind === 'pairs' ? 'every pair of answers' : `each answer with that of ${judging.mode.lane}`}, in both orders`;
  return [
    `judge ${model}: ${how}`,
    ...(related.length > 0
      ? [`warning: the judge and ${related.join(', ')} are from the same vendor: judges may prefer their own style`]
      : []),
  ].map(visibleLine);
}
