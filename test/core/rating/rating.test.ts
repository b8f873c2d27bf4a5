import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rateModels } from '../../../src/core/rating/board.ts';
import { strongComponents } from '../../../src/core/rating/components.ts';
import { fitStrengths, hasEstimate } from '../../../src/core/rating/fit.ts';
import { inverse } from '../../../src/core/rating/matrix.ts';
import { countWins, type RatedDecision, withPrior } from '../../../src/core/rating/outcomes.ts';

/** Returns `count` decisions for `first` against `second`, each on its own prompt. */
const decided = (count: number, first: string, second: string, score = 1): RatedDecision[] =>
  Array.from({ length: count }, (_, index) => ({
    cluster: `${first}${second}${score}${index}`,
    outcomes: [{ first, second, score }],
  }));

describe('the fit', () => {
  test('two models: the odds are the ratio of the wins', () => {
    const { thetas } = fitStrengths([
      [0, 30],
      [10, 0],
    ])!;
    expect(thetas[0]! - thetas[1]!).toBeCloseTo(Math.log(3), 12);
  });

  test('the gradient is zero at the maximum, for any wins', () => {
    const counts = fc.array(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 4, maxLength: 4 }), {
      minLength: 4,
      maxLength: 4,
    });
    fc.assert(
      fc.property(counts, (table) => {
        const wins = table.map((row, i) => row.map((count, j) => (i === j ? 0 : count)));
        const { thetas } = fitStrengths(wins)!;
        expect(thetas.reduce((sum, theta) => sum + theta, 0)).toBeCloseTo(0, 9);
        thetas.forEach((theta, i) => {
          const rest = wins[i]!.reduce((sum, count, j) => {
            const p = 1 / (1 + Math.exp(thetas[j]! - theta));
            return i === j ? sum : sum + count - (count + wins[j]![i]!) * p;
          }, 0);
          expect(rest).toBeCloseTo(0, 7);
        });
      }),
    );
  });

  test('very uneven wins converge', () => {
    const { thetas } = fitStrengths([
      [0, 100_000],
      [1, 0],
    ])!;
    expect(thetas[0]! - thetas[1]!).toBeCloseTo(Math.log(100_000), 6);
  });

  test('half a win is added to pairs that met, or to all', () => {
    const wins = countWins(3, [{ first: 0, second: 1, score: 1 }]);
    expect(withPrior(wins, 'met')).toEqual([
      [0, 1.5, 0],
      [0.5, 0, 0],
      [0, 0, 0],
    ]);
    expect(withPrior(wins, 'all')[2]).toEqual([0.5, 0.5, 0]);
    expect([hasEstimate(wins), hasEstimate(withPrior(wins, 'all'))]).toEqual([false, true]);
  });
});

test('strong components are the sets of nodes that reach each other', () => {
  const edges = fc.array(fc.tuple(fc.nat(7), fc.nat(7)), { maxLength: 20 });
  fc.assert(
    fc.property(edges, (pairs) => {
      const reach = Array.from({ length: 8 }, (_, i) => Array.from({ length: 8 }, (__, j) => i === j));
      for (const [from, to] of pairs) reach[from]![to] = true;
      for (let k = 0; k < 8; k += 1)
        for (let i = 0; i < 8; i += 1) for (let j = 0; j < 8; j += 1) reach[i]![j] ||= reach[i]![k]! && reach[k]![j]!;
      const expected = new Set(reach.map((row, i) => row.flatMap((_, j) => (row[j]! && reach[j]![i]! ? [j] : [])).join(' ')));
      const components = strongComponents({ size: 8, to: (node) => pairs.flatMap(([from, to]) => (from === node ? [to] : [])) });
      expect(new Set(components.map((nodes) => nodes.join(' ')))).toEqual(expected);
      expect(components.flat()).toHaveLength(8);
    }),
  );
});

test('a singular matrix has no inverse', () => {
  expect(() => inverse([[0]])).toThrow('no inverse');
  expect(
    inverse([
      [0, 2],
      [4, 0],
    ]),
  ).toEqual([
    [0, 0.25],
    [0.5, 0],
  ]);
});

describe('the board', () => {
  test('nothing, and one vote', () => {
    expect(rateModels([])).toEqual([]);
    const [island] = rateModels(decided(1, 'm', 'n'));
    expect(island).toMatchObject({ isProvisional: true, decisions: 1, clusters: 1, intervals: 'wide' });
    const [best, last] = island!.ratings;
    expect([best!.model, last!.model]).toEqual(['m', 'n']);
    expect([best!.rank, best!.votes, best!.wins, last!.losses]).toEqual([undefined, 1, 1, 1]);
    // A single vote does not separate two models.
    expect(best!.interval.lower).toBeLessThan(last!.interval.upper);
  });

  test('islands are rated for themselves, and the larger one comes first', () => {
    const islands = rateModels([...decided(3, 'p', 'q'), ...decided(9, 'r', 's'), ...decided(5, 's', 'r')]);
    expect(islands.map(({ ratings }) => ratings.map(({ model }) => model))).toEqual([
      ['r', 's'],
      ['p', 'q'],
    ]);
    for (const { ratings } of islands) expect((ratings[0]!.rating + ratings[1]!.rating) / 2).toBeCloseTo(1000, 9);
  });

  test('repeated votes on one prompt do not narrow the interval', () => {
    const votes = [...decided(80, 'a', 'b'), ...decided(40, 'b', 'a')];
    const apart = rateModels(votes)[0]!;
    const together = rateModels(votes.map((vote, index) => ({ ...vote, cluster: `prompt ${Math.floor(index / 2)}` })))[0]!;
    const width = ({ ratings: [best] }: typeof apart): number => best!.interval.upper - best!.interval.lower;
    expect([together.clusters, together.intervals]).toEqual([60, 'sandwich']);
    expect(width(together) / width(apart)).toBeCloseTo(Math.SQRT2, 6);
    const single = rateModels(votes.map((vote) => ({ ...vote, cluster: 'one prompt' })))[0]!;
    expect([single.clusters, single.intervals]).toEqual([1, 'wide']);
    // One cluster has no variance between clusters: the information is what remains.
    expect(width(single)).toBeGreaterThan(0.9 * width(apart));
  });

  test('a model that won everything is provisional, and its interval stays wide', () => {
    const [island] = rateModels(decided(50, 'a', 'b'));
    expect(island!.isProvisional).toBe(true);
    const { interval } = island!.ratings[0]!;
    expect(interval.upper - interval.lower).toBeGreaterThan(200);
  });

  test('one key press among four lanes is one vote and three pairs', () => {
    const vote = (cluster: string): RatedDecision => ({
      cluster,
      outcomes: ['b', 'c', 'd'].map((second) => ({ first: 'a', second, score: 1 })),
    });
    const [island] = rateModels(Array.from({ length: 12 }, (_, index) => vote(String(index))));
    const best = island!.ratings[0]!;
    expect([best.model, best.votes, best.wins]).toEqual(['a', 12, 36]);
    expect(island!.differences).toHaveLength(6);
    expect(island!.differences[0]!.points).toBeGreaterThan(0);
  });

  test('the same votes give the same intervals', () => {
    const votes = [...decided(7, 'a', 'b'), ...decided(4, 'b', 'a'), ...decided(3, 'a', 'b', 0.5)];
    expect(rateModels(votes)).toEqual(rateModels(votes));
    expect(rateModels(votes)[0]!.bootstrap).toEqual({ rounds: 1000, seed: 1 });
  });
});
