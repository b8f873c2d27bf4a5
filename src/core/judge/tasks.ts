import { lastObject, plainReply, wholeObject } from './read-reply.ts';
import { readVerdict, type Verdict } from './read-verdict.ts';

/** A decision of a judge, and how to read the reply. */
export interface JudgeTask<Value> {
  /** The name of the schema and of the tool. */
  name: string;
  /** The field that holds the decision. `reason` comes before it, so that the judge reasons first. */
  field: string;
  /** JSON Schema of the field. */
  fieldSchema: Readonly<Record<string, unknown>>;
  /** The values of the field, in words for the judge. */
  values: string;
  /** Returns the decision in a reply; undefined if there is none or if it is ambiguous. */
  read: (reply: string) => Value | undefined;
}

/** Which of two answers is better. */
export const PAIR_TASK: JudgeTask<Verdict> = {
  name: 'verdict',
  field: 'verdict',
  fieldSchema: { type: 'string', enum: ['A', 'B', 'tie'] },
  values: '"A", "B" or "tie"',
  read: readVerdict,
};

/** The score of a single answer, from 1 to 10. */
export const SCORE_TASK: JudgeTask<number> = {
  name: 'score',
  field: 'score',
  fieldSchema: { type: 'integer', enum: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] },
  values: 'a whole number from 1 (useless) to 10 (could not be better)',
  read: readScore,
};

/** Whether a single answer meets the criteria, and how well. */
export interface Grade {
  isPassed: boolean;
  /** From 0 to 1. */
  score: number;
}

export const GRADE_TASK: JudgeTask<Grade> = {
  name: 'grade',
  field: 'grade',
  fieldSchema: {
    type: 'object',
    properties: { pass: { type: 'boolean' }, score: { type: 'number' } },
    required: ['pass', 'score'],
    additionalProperties: false,
  },
  values: 'an object with "pass" (true or false) and "score" (a number from 0 to 1)',
  read: readGrade,
};

const SCORE_TEXT = /(?:\[\[\s*(\d{1,2})\s*\]\]|(?:^|\n)[^\w\n]*(?:score|rating)["*_\s]*[:=]["*_\s]*(\d{1,2})(?![\d.]))/gi;

function readScore(reply: string): number | undefined {
  const text = plainReply(reply);
  const whole = wholeObject(text);
  if (whole !== undefined) return scoreOf(whole['score']);
  const object = lastObject(text, ({ score }) => scoreOf(score) !== undefined);
  if (object !== undefined) return scoreOf(object.value['score']);
  const [, mark, line] = [...text.matchAll(SCORE_TEXT)].at(-1) ?? [];
  return scoreOf(Number(mark ?? line ?? text));
}

function scoreOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 10 ? value : undefined;
}

function readGrade(reply: string): Grade | undefined {
  const text = plainReply(reply);
  const whole = wholeObject(text);
  if (whole !== undefined) return gradeOf(whole);
  const object = lastObject(text, (value) => gradeOf(value) !== undefined);
  return object && gradeOf(object.value);
}

/** Reads the fields in `grade` or, as in other judge prompts, next to the reason. Without `pass`, nothing passes. */
function gradeOf(value: Readonly<Record<string, unknown>>): Grade | undefined {
  const { grade } = value;
  const fields = typeof grade === 'object' && grade !== null ? (grade as Record<string, unknown>) : value;
  const { pass, score } = fields;
  if (typeof pass !== 'boolean') return undefined;
  if (score === undefined) return { isPassed: pass, score: pass ? 1 : 0 };
  return typeof score === 'number' && score >= 0 && score <= 1 ? { isPassed: pass, score } : undefined;
}
