import type { Message } from '../../apis/message.ts';
import type { Judge, Judgment } from '../judge/ask-judge.ts';
import { judgeCase, type JudgedCase, type JudgedPair, type JudgedResult, type JudgeMode } from '../judge/judge-pairs.ts';
import { promptHash } from '../judge/question.ts';
import type { TestCase } from '../evaluation/test-case.ts';
import type { CellResult } from './cell-result.ts';
import type { CellVerdict } from './judged.ts';

/** How a judge compares the lanes of a matrix. */
export interface LaneJudging {
  mode: JudgeMode;
  criteria: string | undefined;
}

/** Lets a judge compare the answers of one case in one repetition. Throws what the judge throws. */
export async function judgeLanes(
  judge: Judge,
  { mode, criteria }: LaneJudging,
  cells: readonly CellResult[],
  lanes: readonly { name: string }[],
): Promise<JudgedResult[]> {
  const judged = judgedCase(cells, lanes);
  const results: JudgedResult[] = [];
  if (judged !== undefined) await judgeCase(judge, judged, { mode, criteria }, (result) => void results.push(result));
  return results;
}

/** Returns the answers of a case for a judge; undefined without an answer. All cells are of one case and one repetition. */
function judgedCase(cells: readonly CellResult[], lanes: readonly { name: string }[]): JudgedCase | undefined {
  const answers = cells.flatMap(({ cell, state, answers: given }) => {
    const text = given.at(-1)?.text ?? '';
    return state === 'answered' && text.trim() !== '' ? [{ lane: lanes[cell.lane]!.name, text }] : [];
  });
  const [first] = cells;
  if (first === undefined || answers.length === 0) return undefined;
  const { testCase } = first.cell;
  return { item: itemOf(testCase), messages: askedMessages(testCase), reference: testCase.reference, answers };
}

function askedMessages({ prompt, followUps }: TestCase): JudgedCase['messages'] {
  return [...prompt, ...followUps.map((text) => ({ role: 'user' as const, text }))];
}

/** The hash of a prompt, as verdicts of comparisons without a file have it. */
function itemOf(testCase: TestCase): string {
  return promptHash([askedMessages(testCase).map(({ role, text }): Message => ({ role, content: text }))]);
}

/** Returns what the results say about the answer of one lane. */
export function verdictsOf(results: readonly JudgedResult[], lane: string): CellVerdict[] {
  return results.flatMap((result): CellVerdict[] => {
    if (result.kind === 'score') return result.lane === lane ? [scoreVerdict(result.judgment)] : [];
    if (result.first === lane) return [pairVerdict(result, 'first')];
    return result.second === lane ? [pairVerdict(result, 'second')] : [];
  });
}

function scoreVerdict(judgment: Judgment<number>): CellVerdict {
  if (judgment.state === 'decided') return { result: 'scored', score: judgment.value, reason: judgment.reason };
  return undecided(judgment);
}

function pairVerdict(pair: JudgedPair, side: 'first' | 'second'): CellVerdict {
  const { winner, isConsistent, games } = pair;
  const against = side === 'first' ? pair.second : pair.first;
  const judgments = games.map(({ judgment }) => judgment);
  const missing = judgments.find(({ state }) => state !== 'decided');
  if (missing !== undefined && missing.state !== 'decided') return { against, ...undecided(missing) };
  const [game] = games;
  const reason = game.judgment.state === 'decided' ? game.judgment.reason : '';
  // The judge calls the answers A and B.
  const isA = (game.shownFirst === 'first') === (side === 'first');
  return {
    against,
    result: winner === 'tie' || winner === 'undecided' ? 'tie' : winner === side ? 'win' : 'loss',
    isConsistent,
    reason: `(this answer is ${isA ? 'A' : 'B'}) ${reason}`,
  };
}

function undecided(judgment: Exclude<Judgment<unknown>, { state: 'decided' }>): CellVerdict {
  if (judgment.state === 'unreadable') return { result: 'unreadable', reason: judgment.why };
  const { error } = judgment;
  return { result: 'failed', reason: error instanceof Error ? error.message : String(error) };
}

/** Returns a result without the judge's words: summaries need none, and there may be thousands. */
export function withoutWords(result: JudgedResult): JudgedResult {
  if (result.kind === 'score') return { ...result, judgment: wordless(result.judgment) };
  const [one, other] = result.games;
  return {
    ...result,
    games: [
      { ...one, judgment: wordless(one.judgment) },
      { ...other, judgment: wordless(other.judgment) },
    ],
  };
}

function wordless<Value>(judgment: Judgment<Value>): Judgment<Value> {
  return judgment.state === 'decided' ? { ...judgment, reason: '' } : judgment;
}
