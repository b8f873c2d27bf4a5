import { createHash } from 'node:crypto';
import type { Judge, Judgment } from './ask-judge.ts';
import { FIRST_LETTER, type JudgedQuestion, severalMessages } from './judge-prompt.ts';
import { lastObject, plainReply, wholeObject } from './read-reply.ts';
import { totalSpending } from './spending.ts';
import type { JudgeTask } from './tasks.ts';

/** The answers that a judge sees are called A to Z. */
export const MOST_ANSWERS = 26;

/** The best of several answers. */
export interface BestAnswer {
  /** Undefined if the order of the answers decided: no answer is the best one. */
  text: string | undefined;
}

/**
 * Lets a judge select the best of several answers, in two opposite orders. Both must select the same one. The order depends on the
 * texts, so that no lane is always first. Throws what stops all judging, as `Judge.ask` does.
 */
export async function selectBest(
  judge: Judge,
  question: JudgedQuestion,
  answers: readonly string[],
  criteria: string,
): Promise<Judgment<BestAnswer>> {
  const order = [...new Set(answers)].toSorted((one, other) => (hashOf(one, criteria) < hashOf(other, criteria) ? -1 : 1));
  if (order.length === 1) {
    const spending = totalSpending([]);
    return { state: 'decided', value: { text: order[0] }, reason: 'all answers are the same', spending };
  }
  const task = selectTask(order.length);
  const select = (shown: readonly string[]): Promise<Judgment<number>> =>
    judge.ask(task, (form) => severalMessages(question, shown, criteria, form));
  const backwards = order.toReversed();
  const [one, other] = await Promise.all([select(order), select(backwards)]);
  const spending = totalSpending([one.spending, other.spending]);
  if (one.state !== 'decided') return { ...one, spending };
  if (other.state !== 'decided') return { ...other, spending };
  const chosen = order[one.value];
  if (chosen === backwards[other.value]) return { state: 'decided', value: { text: chosen }, reason: one.reason, spending };
  return { state: 'decided', value: { text: undefined }, reason: 'the order of the answers decided: none is the best', spending };
}

function hashOf(text: string, criteria: string): string {
  return createHash('sha256')
    .update(JSON.stringify([text, criteria]))
    .digest('hex');
}

/** Returns the task to select one of several answers. Its value is the index of the answer. */
function selectTask(count: number): JudgeTask<number> {
  const letters = Array.from({ length: count }, (_, index) => String.fromCodePoint(FIRST_LETTER + index));
  const indexOf = (value: unknown): number | undefined => {
    const index = typeof value === 'string' ? letters.indexOf(value.trim().toUpperCase()) : -1;
    return index === -1 ? undefined : index;
  };
  return {
    name: 'selection',
    field: 'best',
    fieldSchema: { type: 'string', enum: letters },
    values: `the letter of the best answer, from "A" to "${letters.at(-1)}"`,
    read(reply) {
      const text = plainReply(reply);
      const whole = wholeObject(text);
      if (whole !== undefined) return indexOf(whole['best']);
      return indexOf(lastObject(text, ({ best }) => indexOf(best) !== undefined)?.value['best']);
    },
  };
}
