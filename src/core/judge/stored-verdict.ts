import { createHash } from 'node:crypto';
import type { StoredLane, StoredVerdict } from '../../storage/decisions/records.ts';
import type { JudgedPair } from './judge-pairs.ts';

/** What the stored verdicts of one comparison have in common. */
export interface VerdictOrigin {
  at: number;
  orx: string;
  judge: string;
  criteria: string | undefined;
  /** The stored lanes by their name. */
  laneOf: (name: string) => StoredLane;
}

/** Returns a verdict as it is stored for the board: without the prompt, the answers and the reasons. */
export function storedVerdict({ item, first, second, games, winner }: JudgedPair, origin: VerdictOrigin): StoredVerdict {
  const { at, orx, judge, criteria, laneOf } = origin;
  return {
    type: 'verdict',
    version: 1,
    at,
    prompt: item,
    judge,
    ...(criteria !== undefined && { criteria: createHash('sha256').update(criteria).digest('hex') }),
    lanes: [laneOf(first), laneOf(second)],
    games: games.map(({ shownFirst, judgment }) => ({
      shownFirst: shownFirst === 'first' ? 0 : 1,
      verdict: judgment.state === 'decided' ? judgment.value : judgment.state,
    })),
    winner,
    orx,
  };
}
