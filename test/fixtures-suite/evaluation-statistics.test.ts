import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { bootstrapMean, mulberry32 } from '../../src/core/statistics/bootstrap.ts';
import { wilsonInterval } from '../../src/core/statistics/interval.ts';
import { agreementOf } from '../../src/core/statistics/kappa.ts';
import { lengthControl } from '../../src/core/statistics/length-control.ts';
import { clusteredMean, mean, meanInterval, variance } from '../../src/core/statistics/means.ts';
import { normalQuantile } from '../../src/core/statistics/normal.ts';
import { pairedDifference } from '../../src/core/statistics/paired.ts';
import { itemsNeeded, repetitionsNeeded, votesNeeded } from '../../src/core/statistics/planning.ts';
import { medianInterval, quantile } from '../../src/core/statistics/quantile.ts';
import { holm, signTest } from '../../src/core/statistics/sign-test.ts';
import { passAll, passAny } from '../../src/core/statistics/stability.ts';
import { studentQuantile } from '../../src/core/statistics/student-t.ts';
import { winShare } from '../../src/core/statistics/win-share.ts';

/** Values that another program (scipy, numpy, statsmodels) computed, and published ones. */
const FOLDER = join(fileURLToPath(new URL('../../../shared/fixtures', import.meta.url)), 'evaluation');
const isPresent = existsSync(FOLDER);
if (!isPresent) console.warn('skipped: the worked examples are not beside this project (../shared/fixtures/evaluation)');

const read = (name: string): string => readFileSync(join(FOLDER, name), 'utf8');
const rows = (name: string): string[][] =>
  read(name)
    .trim()
    .split('\n')
    .map((line) => line.trimEnd().split(','));

function near(actual: number | undefined, expected: number, what = ''): void {
  expect(Math.abs((actual ?? NaN) - expected), `${what}: ${actual} instead of ${expected}`).toBeLessThan(1e-6);
}

/** The part of the worked examples that these tests read. */
interface Examples {
  wilson: { passed: number; n: number; lower: number; upper: number }[];
  mcnemar_exact: { only_a: number; only_b: number; p: number }[];
  sign_test_with_ties_dropped: { wins: number; losses: number; ties: number; p: number; win_share_half_ties: number }[];
  decided_votes_needed_two_sided_5_percent: Record<string, number>;
  holm: { p: number[]; adjusted: number[] }[];
  items_times_repeats: {
    lane_a: number[][];
    lane_b: number[][];
    a: Record<string, number> & { ci95_t: number[] };
    b: Record<string, number> & { ci95_t: number[] };
    paired: { mean: number; se: number; t: number; p_t: number; ci95_t: number[]; item_differences: number[] };
    se_unpaired: number;
  };
  t_quantile_975: Record<string, number>;
  normal_quantile: Record<string, number>;
  mulberry32: { seed: number; first: number[] };
  bootstrap_percentile: {
    cases: { values: number[]; seed: number; rounds: number; lower: number; upper: number; mean_of_means: number }[];
  };
  latency_ms: {
    values: number[];
    median: number;
    p90_type7: number;
    median_interval: { ranks: number[]; values: number[]; coverage: number };
    fewest_values_for_a_95_percent_median_interval: number;
  };
  pass_k: { n: number; c: number; k: number; pass_at_k: number; pass_all_k: number }[];
  items_needed_80_percent_power: {
    cases: { delta: number; omega2: number; sA2: number; sB2: number; KA: number; KB: number; n: number }[];
  };
  repetitions_per_lane_one_prompt_80_percent_power: { p1: number; p2: number; n: number }[];
  kappa: Record<string, { kappa: number; agreement: number }>;
}

describe.skipIf(!isPresent)('statistics of the worked examples', () => {
  const examples = (isPresent ? JSON.parse(read('statistics/worked-examples.json')) : {}) as Examples;

  test('Wilson intervals', () => {
    for (const { passed, n, lower, upper } of examples.wilson) {
      near(wilsonInterval(passed, n)?.lower, lower, `${passed}/${n}`);
      near(wilsonInterval(passed, n)?.upper, upper, `${passed}/${n}`);
    }
  });

  test('exact tests and Holm', () => {
    for (const { only_a, only_b, p } of examples.mcnemar_exact) near(signTest(only_a, only_b), p, `${only_a}:${only_b}`);
    for (const { wins, losses, ties, p, win_share_half_ties } of examples.sign_test_with_ties_dropped) {
      const scores = [[wins, 1] as const, [losses, 0] as const, [ties, 0.5] as const];
      const share = winShare(scores.flatMap(([count, score]) => Array.from({ length: count }, () => [score])));
      near(share?.p, p);
      near(share?.estimate, win_share_half_ties);
    }
    for (const { p, adjusted } of examples.holm) holm(p).forEach((value, index) => near(value, adjusted[index]!));
  });

  test('quantiles of the normal and of Student', () => {
    for (const [p, z] of Object.entries(examples.normal_quantile)) near(normalQuantile(Number(p)), z, p);
    for (const [df, t] of Object.entries(examples.t_quantile_975)) near(studentQuantile(0.975, Number(df)), t, df);
  });

  test('items with repetitions', () => {
    const { lane_a, lane_b, a, b, paired, se_unpaired } = examples.items_times_repeats;
    const lanes = [
      [lane_a, a],
      [lane_b, b],
    ] as const;
    for (const [lane, expected] of lanes) {
      const means = lane.map((answers) => mean(answers));
      const estimate = meanInterval(means);
      near(estimate?.mean, expected['mean']!);
      near(estimate?.standardError, expected['se_of_item_means']!);
      near(estimate?.interval?.lower, expected.ci95_t[0]!);
      near(estimate?.interval?.upper, expected.ci95_t[1]!);
      near(variance(means), expected['variance_of_item_means']!);
      near(clusteredMean(lane)?.standardError, expected['se_of_item_means']!);
      near(clusteredMean(lane)!.standardError! / Math.sqrt(8 / 7), expected['se_clustered_crve']!);
      near(mean(lane.map((answers) => variance(answers)!)), expected['within_item_variance']!);
    }
    const difference = pairedDifference(
      lane_a.map((answers) => mean(answers)),
      lane_b.map((answers) => mean(answers)),
    );
    near(difference?.estimate, paired.mean);
    near(difference?.standardError, paired.se);
    near(difference?.p, paired.p_t);
    near(difference?.studentInterval?.lower, paired.ci95_t[0]!);
    near(difference?.studentInterval?.upper, paired.ci95_t[1]!);
    near(difference?.unpairedError, se_unpaired);
  });

  test('bootstrap with a stated seed', () => {
    const { seed, first } = examples.mulberry32;
    const random = mulberry32(seed);
    for (const value of first) near(random(), value);
    for (const { values, seed: start, rounds, lower, upper, mean_of_means } of examples.bootstrap_percentile.cases) {
      const interval = bootstrapMean(values, { seed: start, rounds });
      near(interval?.lower, lower);
      near(interval?.upper, upper);
      near(interval?.meanOfMeans, mean_of_means);
    }
  });

  test('quantiles and the interval of the median', () => {
    const {
      values,
      median,
      p90_type7,
      median_interval,
      fewest_values_for_a_95_percent_median_interval: fewest,
    } = examples.latency_ms;
    near(quantile(values, 0.5), median);
    near(quantile(values, 0.9), p90_type7);
    const interval = medianInterval(values)!;
    expect([interval.ranks, [interval.lower, interval.upper]]).toEqual([median_interval.ranks, median_interval.values]);
    near(interval.coverage, median_interval.coverage);
    expect(medianInterval(values.slice(0, fewest))).toBeDefined();
    expect(medianInterval(values.slice(0, fewest - 1))).toBeUndefined();
  });

  test('pass^k and pass@k', () => {
    for (const { n, c, k, pass_at_k, pass_all_k } of examples.pass_k) {
      near(passAny(n, c, k), pass_at_k);
      near(passAll(n, c, k), pass_all_k);
    }
  });

  test('planning', () => {
    for (const { delta, omega2, sA2, sB2, KA, KB, n } of examples.items_needed_80_percent_power.cases)
      expect(itemsNeeded(delta, { betweenItems: omega2, withinA: sA2, withinB: sB2 }, { a: KA, b: KB })).toBe(n);
    for (const { p1, p2, n } of examples.repetitions_per_lane_one_prompt_80_percent_power)
      expect(repetitionsNeeded(p1, p2)).toBe(n);
    const votes = examples.decided_votes_needed_two_sided_5_percent;
    const needed = Object.keys(votes).map((share) => [share, votesNeeded(Number(share))]);
    expect(Object.fromEntries(needed)).toEqual(votes);
  });

  test("agreement of PandaLM's annotators", () => {
    const labels = new Map<string, Map<string, string>>();
    for (const [item, annotator, , , winner] of rows('votes/pandalm-human-votes.csv').slice(1))
      labels.set(annotator!, (labels.get(annotator!) ?? new Map<string, string>()).set(item!, winner!));
    for (const pair of ['1-2', '1-3', '2-3']) {
      const [one, other] = pair.split('-').map((annotator) => labels.get(annotator)!);
      const agreement = agreementOf([...one!].map(([item, label]) => [label, other!.get(item)!]));
      near(agreement?.kappa, examples.kappa[pair]!.kappa);
      near(agreement?.share, examples.kappa[pair]!.agreement);
    }
  });
});

/** Real verdicts over 805 items, with the rates and the standard errors that their authors published. */
describe.skipIf(!isPresent)("AlpacaEval's verdicts", () => {
  const [header = [], ...lines] = isPresent ? rows('votes/alpacaeval-gpt4-verdicts.csv') : [];
  const column = (name: string): (number | undefined)[] => {
    const index = header.indexOf(name);
    return lines.map((line) => (line[index] === undefined || line[index] === '' ? undefined : Number(line[index])));
  };

  test('win rates and their errors', () => {
    const { models } = JSON.parse(read('votes/alpacaeval-gpt4-verdicts.expected.json')) as {
      models: Record<
        string,
        { n: number; wins: number; ties: number; win_rate: number; standard_error: number; wilson95: number[] }
      >;
    };
    expect(Object.keys(models)).toHaveLength(8);
    for (const [model, expected] of Object.entries(models)) {
      const scores = column(model).filter((score) => score !== undefined);
      const share = winShare(scores.map((score) => [score]));
      expect([share?.n, share?.wins, share?.ties]).toEqual([expected.n, expected.wins, expected.ties]);
      near(share?.estimate, expected.win_rate);
      near(share?.interval?.lower, expected.wilson95[0]!);
      near(share?.interval?.upper, expected.wilson95[1]!);
      near(meanInterval(scores)?.standardError, expected.standard_error);
    }
  });

  test('paired differences', () => {
    const { pairs } = JSON.parse(read('votes/alpacaeval-gpt4-verdicts.expected.json')) as {
      pairs: {
        a: string;
        b: string;
        n: number;
        mean_difference: number;
        se_paired: number;
        se_unpaired: number;
        sign_test: { a_better: number; b_better: number; p_exact: number };
      }[];
    };
    expect(pairs.length).toBeGreaterThan(5);
    for (const { a, b, n, mean_difference, se_paired, se_unpaired, sign_test } of pairs) {
      const [first, second] = [column(a), column(b)];
      const difference = pairedDifference(first, second);
      expect(difference?.n).toBe(n);
      near(difference?.estimate, mean_difference);
      near(difference?.standardError, se_paired);
      near(difference?.unpairedError, se_unpaired);
      const common = first.flatMap((one, index) =>
        one === undefined || second[index] === undefined ? [] : [one - second[index]],
      );
      const better = common.filter((value) => value > 0).length;
      const worse = common.filter((value) => value < 0).length;
      expect([better, worse]).toEqual([sign_test.a_better, sign_test.b_better]);
      near(signTest(better, worse), sign_test.p_exact);
    }
  });

  test('length control', () => {
    const { models } = JSON.parse(read('statistics/length-control.expected.json')) as {
      models: Record<string, Record<string, number> & { ci95: number[] }>;
    };
    const baseline = column('length_baseline');
    for (const [model, expected] of Object.entries(models)) {
      const lengths = column(`length_${model}`);
      const items = column(model).flatMap((score, index) =>
        score === undefined ? [] : [{ score, lengthDifference: lengths[index]! - baseline[index]! }],
      );
      const control = lengthControl(items)!;
      expect(control.n).toBe(expected['n']);
      near(control.rawRate, expected['raw_win_rate']!);
      near(control.intercept, expected['intercept']!);
      near(control.coefficient, expected['length_coefficient']!);
      near(control.interceptError, expected['se_intercept']!);
      near(control.coefficientError, expected['se_length']!);
      near(control.controlledRate, expected['length_controlled_win_rate']!);
      near(control.interval.lower, expected.ci95[0]!);
      near(control.interval.upper, expected.ci95[1]!);
    }
  });
});
