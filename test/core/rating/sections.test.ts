import { expect, test } from 'vitest';
import { boardSections } from '../../../src/core/rating/sections.ts';
import type { StoredVerdict, StoredVote, VoteChoice } from '../../../src/storage/decisions/records.ts';

const lanesOf = (names: readonly string[]) => names.map((name) => ({ name, model: name }));
const vote = (prompt: string, names: readonly string[], choice: VoteChoice): StoredVote => ({
  type: 'vote',
  version: 1,
  at: 1,
  prompt,
  lanes: lanesOf(names),
  slots: names.map((_, index) => index),
  choice,
  shownMs: 10,
  orx: '1',
});
const verdict = (judge: string, winner: StoredVerdict['winner'], games: ('A' | 'B' | 'tie')[]): StoredVerdict => ({
  type: 'verdict',
  version: 1,
  at: 1,
  prompt: 'p',
  judge,
  lanes: lanesOf(['a', 'b']),
  games: games.map((value, index) => ({ shownFirst: index === 0 ? 0 : 1, verdict: value })),
  winner,
  orx: '1',
});

test('the best of several beats each other one, and a tie is a tie of all pairs', () => {
  const [section] = boardSections(
    [vote('p', ['a', 'b', 'c'], { best: 1 }), vote('q', ['a', 'b', 'c'], 'alike'), vote('q', ['a', 'b', 'c'], 'bad')],
    [],
  );
  expect(section).toMatchObject({ source: 'votes', decisions: 3, prompts: 2 });
  const ratings = Object.fromEntries(section!.islands[0]!.ratings.map(({ model, ...rating }) => [model, rating]));
  expect(ratings['b']).toMatchObject({ votes: 3, wins: 2, ties: 4, losses: 0 });
  expect(ratings['a']).toMatchObject({ votes: 3, wins: 0, ties: 4, losses: 1 });
});

test('people and each judge have sections of their own, and undecided verdicts count as nothing', () => {
  const sections = boardSections(
    [vote('p', ['a', 'b'], { best: 0 })],
    [
      verdict('j/one', 'first', ['A', 'B']),
      verdict('j/two', 'tie', ['A', 'A']),
      verdict('j/two', 'tie', ['tie', 'tie']),
      verdict('j/two', 'undecided', ['A', 'A']),
    ],
  );
  expect(
    sections.map(({ source, judge, decisions, undecided, bothOrders, consistent }) => [
      source,
      judge,
      decisions,
      undecided,
      bothOrders,
      consistent,
    ]),
  ).toEqual([
    ['votes', undefined, 1, 0, 0, 0],
    ['judge', 'j/two', 2, 1, 2, 1],
    ['judge', 'j/one', 1, 0, 1, 1],
  ]);
  expect(boardSections([], [])).toEqual([]);
});
