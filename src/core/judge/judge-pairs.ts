import { createHash } from 'node:crypto';
import type { Judge, Judgment } from './ask-judge.ts';
import { type JudgeSpending, totalSpending } from './spending.ts';
import { type JudgedQuestion, pairMessages, singleMessages } from './judge-prompt.ts';
import type { Verdict } from './read-verdict.ts';
import { GRADE_TASK, type Grade, PAIR_TASK, SCORE_TASK } from './tasks.ts';

/** The answer of one lane. Only the text reaches the judge. */
export interface JudgedAnswer {
  /** Identifies the lane: the same text for all its answers. */
  lane: string;
  text: string;
}

/** One prompt with the answers of the lanes. A prompt with repetitions is one case for each of them, with the same `item`. */
export interface JudgedCase extends JudgedQuestion {
  /** Identifies the prompt: the unit of all statistics. */
  item: string;
  answers: readonly JudgedAnswer[];
}

/** Which answers are compared: each one with that of a reference lane, all with each other, or each by itself. */
export type JudgeMode = { kind: 'against'; lane: string } | { kind: 'pairs' } | { kind: 'score' };

/** One game of a pair: which answer was shown as A, and the judge's verdict. */
export interface Game {
  shownFirst: 'first' | 'second';
  judgment: Judgment<Verdict>;
}

/** `undecided`: at least one of the two games has no readable verdict. */
export type PairWinner = 'first' | 'second' | 'tie' | 'undecided';

/** Two answers that were compared in both orders. */
export interface JudgedPair {
  kind: 'pair';
  item: string;
  first: string;
  second: string;
  games: readonly [Game, Game];
  /** An answer wins only if both games agree; otherwise it is a tie. */
  winner: PairWinner;
  /** Both games have the same verdict. Undefined if one of them is missing. */
  isConsistent: boolean | undefined;
  /** Characters of the first answer minus those of the second one. */
  lengthDifference: number;
  spending: JudgeSpending;
}

/** The score of one answer. */
export interface JudgedScore {
  kind: 'score';
  item: string;
  lane: string;
  judgment: Judgment<number>;
  spending: JudgeSpending;
}

export type JudgedResult = JudgedPair | JudgedScore;

/** Returns how many requests a case needs if every reply can be read. `lanes`: lanes that answered. */
export function judgeRequests(mode: JudgeMode, lanes: number): number {
  if (mode.kind === 'score') return lanes;
  return 2 * (mode.kind === 'pairs' ? (lanes * (lanes - 1)) / 2 : Math.max(0, lanes - 1));
}

/**
 * Judges the answers of a case, all at the same time, and calls `see` with each result. Lanes without an answer are not part of the
 * case. Throws what stops all judging.
 */
export async function judgeCase(
  judge: Judge,
  judged: JudgedCase,
  { mode, criteria }: { mode: JudgeMode; criteria?: string | undefined },
  see: (result: JudgedResult) => void,
): Promise<void> {
  if (mode.kind === 'score') {
    await allOrFirstError(
      judged.answers.map(async ({ lane, text }) => {
        const judgment = await judge.ask(SCORE_TASK, (form) => singleMessages(judged, text, criteria, form));
        see({ kind: 'score', item: judged.item, lane, judgment, spending: judgment.spending });
      }),
    );
    return;
  }
  await allOrFirstError(
    pairsOf(judged.answers, mode).map(async ([first, second]) => see(await judgePair(judge, judged, first, second, criteria))),
  );
}

/** Returns whether one answer meets criteria, such as those of an `llm-rubric` expectation. */
export function gradeAnswer(judge: Judge, question: JudgedQuestion, answer: string, criteria: string): Promise<Judgment<Grade>> {
  return judge.ask(GRADE_TASK, (form) => singleMessages(question, answer, criteria, form));
}

function pairsOf(answers: readonly JudgedAnswer[], mode: Exclude<JudgeMode, { kind: 'score' }>): [JudgedAnswer, JudgedAnswer][] {
  if (mode.kind === 'pairs')
    return answers.flatMap((first, index) =>
      answers.slice(index + 1).map((second) => [first, second] as [JudgedAnswer, JudgedAnswer]),
    );
  const reference = answers.find(({ lane }) => lane === mode.lane);
  return reference === undefined
    ? []
    : answers.filter(({ lane }) => lane !== mode.lane).map((answer) => [answer, reference] as [JudgedAnswer, JudgedAnswer]);
}

async function judgePair(
  judge: Judge,
  judged: JudgedCase,
  first: JudgedAnswer,
  second: JudgedAnswer,
  criteria: string | undefined,
): Promise<JudgedPair> {
  const start = isFirstShownFirst(judged, first, second) ? 'first' : 'second';
  const play = async (shownFirst: Game['shownFirst']): Promise<Game> => {
    const answers = shownFirst === 'first' ? { A: first.text, B: second.text } : { A: second.text, B: first.text };
    return { shownFirst, judgment: await judge.ask(PAIR_TASK, (form) => pairMessages(judged, answers, criteria, form)) };
  };
  const games = await allOrFirstError([play(start), play(start === 'first' ? 'second' : 'first')]);
  const [one, other] = games.map(winnerOf);
  return {
    kind: 'pair',
    item: judged.item,
    first: first.lane,
    second: second.lane,
    games: [games[0]!, games[1]!],
    winner: one === undefined || other === undefined ? 'undecided' : one === other ? one : 'tie',
    isConsistent: one === undefined || other === undefined ? undefined : one === other,
    lengthDifference: first.text.length - second.text.length,
    spending: totalSpending(games.map(({ judgment }) => judgment.spending)),
  };
}

function winnerOf({ shownFirst, judgment }: Game): 'first' | 'second' | 'tie' | undefined {
  if (judgment.state !== 'decided') return undefined;
  if (judgment.value === 'tie') return 'tie';
  return (judgment.value === 'A') === (shownFirst === 'first') ? 'first' : 'second';
}

/** Decides by the item and the lanes which answer is A in the first game, so that no lane is always first. */
function isFirstShownFirst({ item }: JudgedCase, first: JudgedAnswer, second: JudgedAnswer): boolean {
  const hash = createHash('sha256').update(JSON.stringify([item, first.lane, second.lane]));
  return hash.digest()[0]! % 2 === 0;
}

/** Waits for all, so that no request continues unseen, and then throws the first error. */
async function allOrFirstError<Value>(promises: readonly Promise<Value>[]): Promise<Value[]> {
  const settled = await Promise.allSettled(promises);
  return settled.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}
