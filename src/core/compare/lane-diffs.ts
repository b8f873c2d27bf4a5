import { runsByLane } from './ranking.ts';
import type { Lane } from './state.ts';
import { type DiffPiece, wordDiff } from './word-diff.ts';

/** How an answer differs from the answer of the lane that it is compared with. */
export interface AnswerDiff {
  lane: Lane;
  base: Lane;
  pieces: readonly DiffPiece[];
}

/** Returns the differences of each lane against the lane `base` (from 0); of repetitions, the first with text. Lanes without text are left out. */
export async function laneDiffs(lanes: readonly Lane[], base: number): Promise<AnswerDiff[]> {
  const answers = runsByLane(lanes).map((runs) => runs.find(({ answer }) => answer.text !== ''));
  const against = answers[base];
  if (against === undefined) return [];
  const others = answers.filter((lane) => lane !== undefined && lane !== against) as Lane[];
  return Promise.all(
    others.map(async (lane) => ({ lane, base: against, pieces: await wordDiff(against.answer.text, lane.answer.text) })),
  );
}
