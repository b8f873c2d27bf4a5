import type { JudgeMode } from '../../core/judge/judge-pairs.ts';
import { usageError } from '../../errors.ts';
import { visibleLine } from '../../output/text/visible.ts';
import type { Context } from '../context.ts';
import type { LaneJudgeOptions } from './options.ts';

/** A lane that a judge compares, and its number from 1. */
export interface JudgedLane {
  name: string;
  model: string;
  number: number;
}

/** Returns which answers are compared. Throws a usage error if `--against` names no lane, or several. */
export function judgeMode({ mode, against }: LaneJudgeOptions, lanes: readonly JudgedLane[]): JudgeMode {
  if (mode !== 'against') {
    if (against !== undefined) throw usageError(`--against cannot be combined with --judge-${mode}`, 'omit one of them');
    return { kind: mode };
  }
  if (against === undefined) return { kind: 'against', lane: lanes[0]!.name };
  const wanted = against.trim().toLowerCase();
  const found = lanes.filter(
    ({ name, model, number }) => name.toLowerCase() === wanted || model.toLowerCase() === wanted || String(number) === wanted,
  );
  const names = [...new Set(found.map(({ name }) => name))];
  if (names.length === 1) return { kind: 'against', lane: names[0]! };
  const listed = [...new Map(lanes.map(({ name, number }) => [name, number]))];
  throw usageError(
    `--against ${visibleLine(against)} names ${names.length === 0 ? 'no lane' : `${names.length} lanes`}`,
    ...listed.slice(0, 3).map(([name, number]) => `compare with ${visibleLine(name)}: --against ${number}`),
  );
}

/** Returns the criteria of a judge: the text, or the content of the file that `@FILE` names. */
export async function readRubric(rubric: string | undefined, { files }: Context): Promise<string | undefined> {
  if (rubric === undefined || !rubric.startsWith('@')) return rubric;
  const text = (await files.readFileText(rubric.slice(1))).trim();
  if (text === '')
    throw usageError(`${rubric.slice(1)} is empty`, 'write the criteria into that file, or pass them: --rubric TEXT');
  return text;
}
