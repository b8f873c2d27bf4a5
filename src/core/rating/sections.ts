import type { StoredVerdict, StoredVote } from '../../storage/decisions/records.ts';
import { type Island, rateModels } from './board.ts';
import type { RatedDecision, PairOutcome } from './outcomes.ts';

/** Where decisions come from: people, or judges. */
export type BoardSource = 'votes' | 'judge';

/** Ratings from one source. Votes of people and the verdicts of each judge are never mixed. */
export interface BoardSection {
  source: BoardSource;
  /** The judge's model, for verdicts. */
  judge?: string | undefined;
  decisions: number;
  prompts: number;
  /** Verdicts that decided nothing because a reply could not be read. */
  undecided: number;
  /** Verdicts that were read in both orders, and those of them that were the same. */
  bothOrders: number;
  consistent: number;
  islands: readonly Island[];
}

/** Returns the sections of a board that have decisions: votes first, then the judges, the most active first. */
export function boardSections(votes: readonly StoredVote[], verdicts: readonly StoredVerdict[]): BoardSection[] {
  const judges = new Map<string, StoredVerdict[]>();
  for (const verdict of verdicts) {
    const known = judges.get(verdict.judge);
    if (known === undefined) judges.set(verdict.judge, [verdict]);
    else known.push(verdict);
  }
  return [
    ...(votes.length === 0 ? [] : [sectionOf({ source: 'votes' }, votes.map(decisionOfVote))]),
    ...[...judges]
      .toSorted(([, one], [, other]) => other.length - one.length)
      .map(([judge, own]) => ({
        ...sectionOf({ source: 'judge', judge }, own.flatMap(decisionOfVerdict)),
        undecided: own.filter(({ winner }) => winner === 'undecided').length,
        ...consistencyOf(own),
      })),
  ];
}

function sectionOf(origin: Pick<BoardSection, 'source' | 'judge'>, decisions: readonly RatedDecision[]): BoardSection {
  return {
    ...origin,
    decisions: decisions.length,
    prompts: new Set(decisions.map(({ cluster }) => cluster)).size,
    undecided: 0,
    bothOrders: 0,
    consistent: 0,
    islands: rateModels(decisions),
  };
}

/** The best answer beats each other one; without a best one, all pairs are ties. */
function decisionOfVote({ prompt, lanes, choice }: StoredVote): RatedDecision {
  const names = lanes.map(({ name }) => name);
  if (typeof choice === 'object') {
    const first = names[choice.best]!;
    const others = names.filter((name) => name !== first);
    return { cluster: prompt, outcomes: others.map((second) => ({ first, second, score: 1 })) };
  }
  const outcomes = names.flatMap((first, index) =>
    names.slice(index + 1).map((second): PairOutcome => ({ first, second, score: 0.5 })),
  );
  return { cluster: prompt, outcomes };
}

function decisionOfVerdict({ prompt, lanes, winner }: StoredVerdict): RatedDecision[] {
  if (winner === 'undecided') return [];
  const [first, second] = [lanes[0]!.name, lanes[1]!.name];
  return [{ cluster: prompt, outcomes: [{ first, second, score: winner === 'tie' ? 0.5 : winner === 'first' ? 1 : 0 }] }];
}

/** A tie after both orders is inconsistent unless both games were ties. */
function consistencyOf(verdicts: readonly StoredVerdict[]): Pick<BoardSection, 'bothOrders' | 'consistent'> {
  const both = verdicts.filter(({ winner }) => winner !== 'undecided');
  const consistent = both.filter(({ winner, games }) => winner !== 'tie' || games.every(({ verdict }) => verdict === 'tie'));
  return { bothOrders: both.length, consistent: consistent.length };
}
