import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bootstrapMean } from '../../../src/core/statistics/bootstrap.ts';
import { conclude, type TestedDifference } from '../../../src/core/statistics/conclusion.ts';
import { wilsonInterval } from '../../../src/core/statistics/interval.ts';
import { agreementOf } from '../../../src/core/statistics/kappa.ts';
import { lengthControl } from '../../../src/core/statistics/length-control.ts';
import { clusteredMean, meanInterval } from '../../../src/core/statistics/means.ts';
import { normalProbability, normalQuantile } from '../../../src/core/statistics/normal.ts';
import { pairedDifference } from '../../../src/core/statistics/paired.ts';
import { itemsNeeded, repetitionsNeeded, smallestDifference, votesNeeded } from '../../../src/core/statistics/planning.ts';
import { medianInterval, quantile, numberSpread } from '../../../src/core/statistics/quantile.ts';
import { holm, signTest } from '../../../src/core/statistics/sign-test.ts';
import { passAll, passAny, stabilityOf } from '../../../src/core/statistics/stability.ts';
import { studentQuantile, studentTwoSided } from '../../../src/core/statistics/student-t.ts';
import { winShare } from '../../../src/core/statistics/win-share.ts';

const repeat = (count: number, ...values: number[]): number[] => Array.from({ length: count }, () => values).flat();

describe('published examples', () => {
  test('Wilson: 17 of 20, 5 of 5, none of 1', () => {
    expect(wilsonInterval(17, 20)!.lower).toBeCloseTo(0.639581, 5);
    expect(wilsonInterval(17, 20)!.upper).toBeCloseTo(0.947631, 5);
    expect(wilsonInterval(5, 5)).toEqual({ lower: expect.closeTo(0.565518, 5) as number, upper: 1 });
    expect(wilsonInterval(0, 1)).toEqual({ lower: 0, upper: expect.closeTo(0.793451, 5) as number });
    expect(wilsonInterval(0, 0)).toBeUndefined();
  });

  test('McNemar 12:4, 6:0 and 56:29, signs 9:1 and 60:40', () => {
    expect(signTest(12, 4)).toBeCloseTo(0.076813, 5);
    expect(signTest(6, 0)).toBeCloseTo(0.03125, 12);
    expect(signTest(56, 29)).toBeCloseTo(0.004512, 5);
    expect(signTest(9, 1)).toBeCloseTo(0.021484, 5);
    expect(signTest(60, 40)).toBeCloseTo(0.056888, 5);
    expect([signTest(0, 0), signTest(3, 3)]).toEqual([1, 1]);
  });

  test('normal and Student quantiles', () => {
    expect(normalQuantile(0.975)).toBeCloseTo(1.95996398454, 9);
    expect(normalQuantile(1e-9)).toBeCloseTo(-5.997807015, 6);
    expect(studentQuantile(0.975, 1)).toBeCloseTo(12.7062047362, 6);
    expect(studentQuantile(0.025, 9)).toBeCloseTo(-2.2621571628, 8);
    expect(studentTwoSided(1.870828693387, 7)).toBeCloseTo(0.103551710271, 9);
  });

  test('planning: items, repetitions, votes, smallest difference', () => {
    expect(itemsNeeded(0.05)).toBe(1396);
    expect(itemsNeeded(0.1, undefined, { a: 5, b: 5 })).toBe(140);
    expect(repetitionsNeeded(0.9, 0.5)).toBe(17);
    expect(votesNeeded(0.8)).toBe(12);
    expect(votesNeeded(0.5)).toBeUndefined();
    expect(smallestDifference(40, { a: 3, b: 3 })).toBeCloseTo(0.209, 3);
    expect(smallestDifference(0)).toBeUndefined();
  });

  test('the bootstrap of the same seed gives the same interval', () => {
    const values = [0.31, 0.12, -0.05, 0.44, 0.2, 0, -0.11, 0.38, 0.27, 0.09, 0.15, -0.02];
    const interval = bootstrapMean(values, { seed: 7, rounds: 2000 });
    expect(interval?.lower).toBeCloseTo(0.0533125, 9);
    expect(interval?.upper).toBeCloseTo(0.245854166667, 9);
    expect(bootstrapMean([1])).toBeUndefined();
  });

  test('agreement of two raters', () => {
    const pairs = [...repeat(20, 0), ...repeat(5, 1), ...repeat(10, 2), ...repeat(15, 3)].map(
      (code) => [code < 2 ? 'yes' : 'no', code % 2 === 0 ? 'yes' : 'no'] as const,
    );
    expect(agreementOf(pairs)).toEqual({ n: 50, share: 0.7, kappa: expect.closeTo(0.4, 9) as number });
    expect(agreementOf([['yes', 'yes']])?.kappa).toBeUndefined();
    expect(agreementOf([])).toBeUndefined();
  });
});

describe('means', () => {
  test('one value has no interval', () => {
    expect(meanInterval([1])).toEqual({ mean: 1, n: 1 });
    expect(meanInterval([])).toBeUndefined();
    expect(clusteredMean([[1, 0, 1]])).toEqual({ mean: 2 / 3, n: 1 });
    expect(clusteredMean([[], []])).toBeUndefined();
  });

  test('repetitions of equal number give the interval of the item means, and answers alone a narrower one', () => {
    const items = [repeat(5, 1), repeat(5, 0), repeat(5, 1), repeat(5, 1)];
    const clustered = clusteredMean(items)!;
    const means = meanInterval([1, 0, 1, 1])!;
    expect(clustered.standardError).toBeCloseTo(means.standardError!, 12);
    expect(meanInterval(items.flat())!.standardError).toBeLessThan(means.standardError!);
  });
});

describe('quantiles', () => {
  test('a spread is a range up to five values, and percentiles from six on', () => {
    expect(numberSpread([3, 1, 2])).toEqual({ n: 3, median: 2, kind: 'range', low: 1, high: 3, medianInterval: undefined });
    const spread = numberSpread([1, 2, 3, 4, 5, 6])!;
    expect([spread.kind, spread.low, spread.high]).toEqual(['percentiles', 1.5, 5.5]);
    expect(spread.medianInterval).toMatchObject({ ranks: [1, 6], lower: 1, upper: 6, coverage: 0.96875 });
    expect(numberSpread([])).toBeUndefined();
    expect(medianInterval([1, 2, 3, 4, 5])).toBeUndefined();
  });

  test('lie between the extremes and grow with q', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, q) => {
          const value = quantile(values, q)!;
          expect(value).toBeGreaterThanOrEqual(Math.min(...values));
          expect(value).toBeLessThanOrEqual(Math.max(...values));
          expect(quantile(values, Math.min(1, q + 0.1))!).toBeGreaterThanOrEqual(value - 1e-9);
        },
      ),
    );
  });
});

test('a Wilson interval contains the rate and stays between 0 and 1', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5000 }), fc.double({ min: 0, max: 1, noNaN: true }), (n, share) => {
      const passed = Math.round(share * n);
      const { lower, upper } = wilsonInterval(passed, n)!;
      expect(lower).toBeGreaterThanOrEqual(0);
      expect(upper).toBeLessThanOrEqual(1);
      expect(lower).toBeLessThanOrEqual(passed / n);
      expect(upper).toBeGreaterThanOrEqual(passed / n);
    }),
  );
});

test('the normal quantile reverses the probability', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-12, max: 1 - 1e-12, noNaN: true }), (p) => {
      expect(normalProbability(normalQuantile(p))).toBeCloseTo(p, 12);
    }),
  );
});

test("Holm's values are at least the original ones, at most 1, and in the same order", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (values) => {
      const adjusted = holm(values);
      values.forEach((value, index) => {
        expect(adjusted[index]).toBeGreaterThanOrEqual(value);
        expect(adjusted[index]).toBeLessThanOrEqual(1);
        const larger = adjusted.filter((_, place) => values[place]! > value);
        expect(Math.min(...larger, 1)).toBeGreaterThanOrEqual(adjusted[index]!);
      });
    }),
  );
});

describe('stability', () => {
  test('pass^k and pass@k', () => {
    expect(passAll(5, 3, 2)).toBeCloseTo(0.3, 12);
    expect(passAny(5, 3, 2)).toBeCloseTo(0.9, 12);
    expect([passAll(8, 0, 2), passAny(8, 0, 2), passAll(2, 1, 3), passAny(2, 1, 3)]).toEqual([0, 0, undefined, undefined]);
  });

  test('counts the items whose repetitions agree', () => {
    expect(stabilityOf([[true, true], [true, false], [false, false], [true]])).toEqual({ items: 3, equal: 2 });
  });
});

describe('two lanes on the same items', () => {
  test('pass and fail: McNemar over the items that both answered', () => {
    const first = [...repeat(12, 1), ...repeat(4, 0), ...repeat(30, 1), undefined];
    const second = [...repeat(12, 0), ...repeat(4, 1), ...repeat(30, 1), 1];
    const difference = pairedDifference(first, second)!;
    expect(difference).toMatchObject({ n: 46, test: 'mcnemar', onlyFirst: 12, onlySecond: 4 });
    expect(difference.p).toBeCloseTo(0.076813, 5);
    expect(difference.estimate).toBeCloseTo(8 / 46, 9);
    expect(difference.bootstrap).toBeUndefined();
  });

  test('scores: Student, and the bootstrap below 30 items', () => {
    const difference = pairedDifference([0.8, 0.2, 1, 0.6, 0, 0.8, 1, 0.4], [0.6, 0, 1, 0.4, 0.2, 0.6, 1, 0.2])!;
    expect(difference).toMatchObject({ n: 8, test: 'student', bootstrap: { seed: 1, rounds: 2000 } });
    expect(difference.studentInterval!.lower).toBeCloseTo(-0.026394482827, 9);
    expect(difference.p).toBeCloseTo(0.103551710271, 9);
    expect(difference.smallestShown).toBeCloseTo(2.8016 * 0.053452, 4);
  });

  test('no common item, or one', () => {
    expect(pairedDifference([1, undefined], [undefined, 1])).toBeUndefined();
    expect(pairedDifference([0.5], [0.25])).toMatchObject({ n: 1, interval: undefined, p: undefined });
  });

  test('a win share counts ties as half and each item once', () => {
    const share = winShare([...repeat(14, 1), ...repeat(5, 0), ...repeat(6, 0.5)].map((score) => [score]))!;
    expect(share).toMatchObject({ n: 25, wins: 14, losses: 5, ties: 6, estimate: 0.68 });
    expect(share.p).toBeCloseTo(0.063568, 5);
    expect(
      winShare([
        [1, 1, 0],
        [0, 0.5],
      ]),
    ).toMatchObject({ n: 2, wins: 1, losses: 1, ties: 0 });
    expect(winShare([[1], [1]])!.smallestShown).toBeGreaterThan(0.5);
    expect(winShare([[], []])).toBeUndefined();
  });
});

describe('conclusions', () => {
  const difference = (more: Partial<TestedDifference>): TestedDifference => ({
    n: 100,
    estimate: 0.2,
    neutral: 0,
    interval: { lower: 0.1, upper: 0.3 },
    p: 0.001,
    ...more,
  });

  test('name a lane better or worse only if test and interval agree', () => {
    const words = conclude([
      difference({}),
      difference({ estimate: -0.2, interval: { lower: -0.3, upper: -0.1 } }),
      difference({ interval: { lower: 0, upper: 0.3 } }),
      difference({ p: undefined }),
      difference({ interval: undefined }),
      difference({ n: 9 }),
    ]).map(({ conclusion }) => conclusion);
    expect(words).toEqual(['better', 'worse', 'none', 'none', 'none', 'too-few']);
  });

  test('need a smaller p-value when several lanes are compared', () => {
    expect(conclude([difference({ p: 0.03 })])[0]).toMatchObject({ adjustedP: 0.03, conclusion: 'better' });
    const three = conclude([difference({ p: 0.03 }), difference({ p: 0.4 }), difference({ p: 0.6 })]);
    expect(three[0]).toMatchObject({ conclusion: 'none' });
    expect(three[0]!.adjustedP).toBeCloseTo(0.09, 12);
  });
});

describe('length control', () => {
  const items = Array.from({ length: 60 }, (_, index) => ({
    score: (index * 7) % 10 < 4 + (index % 5) ? 1 : 0,
    lengthDifference: (index % 5) * 100 - 150,
  }));

  test('takes away what goes with length', () => {
    const control = lengthControl(items)!;
    expect(control.coefficient).toBeGreaterThan(0);
    expect(control.interval.lower).toBeLessThan(control.controlledRate);
    expect(control.interval.upper).toBeGreaterThan(control.controlledRate);
  });

  test('says nothing about few items, equal lengths, or a perfect separation', () => {
    expect(lengthControl(items.slice(0, 49))).toBeUndefined();
    expect(lengthControl(items.map(({ score }) => ({ score, lengthDifference: 5 })))).toBeUndefined();
    expect(lengthControl(items.map((_, index) => ({ score: index % 2, lengthDifference: index % 2 })))).toBeUndefined();
  });
});
