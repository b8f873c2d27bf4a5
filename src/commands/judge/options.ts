import { OrxError, usageError } from '../../errors.ts';
import type { TerminalFacts } from '../is-drawable.ts';
import type { JudgeFlags } from './flags.ts';

/** How the answers of a comparison are judged. */
export interface LaneJudgeOptions {
  /** The judge's model, as typed. */
  model: string;
  /** The criteria, or `@FILE`. */
  rubric: string | undefined;
  mode: 'against' | 'pairs' | 'score';
  /** The reference lane, as typed. Undefined: the first one. */
  against: string | undefined;
}

/** Returns how to judge; undefined without `--judge`. Throws a usage error for flags that need it. */
export function parseJudge({ judge, rubric, against, judgePairs, judgeScore }: JudgeFlags): LaneJudgeOptions | undefined {
  if (judge === undefined) {
    const [flag] = [
      rubric === undefined ? [] : ['--rubric'],
      against === undefined ? [] : ['--against'],
      judgePairs === true ? ['--judge-pairs'] : [],
      judgeScore === true ? ['--judge-score'] : [],
    ].flat();
    if (flag !== undefined) throw usageError(`${flag} needs a judge`, 'name a model: --judge openai/gpt-4o-mini');
    return undefined;
  }
  if (judge.trim() === '') throw usageError('--judge needs a model', 'name a model: --judge openai/gpt-4o-mini');
  if (rubric?.trim() === '')
    throw usageError('--rubric is empty', 'describe what makes an answer better: --rubric "shorter and correct"');
  return {
    model: judge.trim(),
    rubric,
    mode: judgePairs === true ? 'pairs' : judgeScore === true ? 'score' : 'against',
    against,
  };
}

/** Throws a usage error for a ranking by quality that nothing measures. */
export function checkRankBy({ rankBy, judge }: { rankBy?: string | undefined; judge?: string | undefined }): void {
  if (rankBy === 'quality' && judge === undefined)
    throw usageError('--rank-by quality needs a judge', 'name a model: --judge openai/gpt-4o-mini');
}

/** Throws a usage error for a judge without answers. The quote of a file with prompts includes its judge. */
export function checkDryRun({ judge, dryRun }: JudgeFlags & { dryRun?: true | undefined }): void {
  if (judge !== undefined && dryRun === true)
    throw new OrxError('--dry-run and --judge cannot be combined', {
      kind: 'usage',
      why: 'a dry run sends nothing, so there is no response',
      hints: ['omit one of them'],
    });
}

/** Most answers that can be voted on: one key each. */
const MOST_SLOTS = 9;

/** Throws a usage error if a vote is not possible here. */
export function checkVote({ hasKeyboard, stdout }: TerminalFacts): void {
  if (!hasKeyboard || !stdout.isTerminal)
    throw usageError('--vote needs a terminal', 'let a model judge the answers: --judge openai/gpt-4o-mini');
}

/** Throws a usage error if these lanes cannot be voted on. */
export function checkVotedLanes(lanes: readonly { repetition?: number | undefined }[]): void {
  if (lanes.some(({ repetition }) => repetition !== undefined))
    throw usageError('--vote cannot be combined with --repeat', 'vote on one answer of each lane: omit --repeat');
  if (lanes.length > MOST_SLOTS)
    throw usageError(`--vote shows at most ${MOST_SLOTS} answers, not ${lanes.length}`, 'compare fewer models');
}
