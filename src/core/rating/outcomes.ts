import { zeros } from './matrix.ts';

/** The result of one pair in a vote or a verdict. */
export interface PairOutcome {
  first: string;
  second: string;
  /** 1: the first one won · 0: the second one · 0.5: a tie. */
  score: number;
}

/** One decision of a person or a judge: all pairs that it decides. */
export interface RatedDecision {
  /** Decisions on the same prompt are not independent, so they form one cluster. */
  cluster: string;
  outcomes: readonly PairOutcome[];
}

/** An outcome between two models, by their index. */
export interface IndexedOutcome {
  first: number;
  second: number;
  score: number;
}

/** Returns how often each model won against each other one; a tie is half a win for both. */
export function countWins(size: number, outcomes: readonly IndexedOutcome[]): number[][] {
  const wins = zeros(size);
  for (const { first, second, score } of outcomes) {
    wins[first]![second]! += score;
    wins[second]![first]! += 1 - score;
  }
  return wins;
}

/**
 * Returns the wins with half a win added in both directions. `met`: for each pair that was compared, so that models that never
 * lost get a finite strength. `all`: for every pair.
 */
export function withPrior(wins: readonly (readonly number[])[], pairs: 'met' | 'all'): number[][] {
  return wins.map((row, i) =>
    row.map((count, j) => (i !== j && (pairs === 'all' || count + wins[j]![i]! > 0) ? count + 0.5 : count)),
  );
}
