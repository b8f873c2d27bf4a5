import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { rateModels } from '../../src/core/rating/board.ts';
import { fitStrengths, hasEstimate } from '../../src/core/rating/fit.ts';
import { countWins, type IndexedOutcome, withPrior } from '../../src/core/rating/outcomes.ts';
import { bootstrapStrengths, differenceError, sandwich } from '../../src/core/rating/uncertainty.ts';

/** Real votes, and ratings that another program (choix, statsmodels) computed or that were published. */
const FOLDER = join(fileURLToPath(new URL('../../../shared/fixtures', import.meta.url)), 'evaluation/votes');
const isPresent = existsSync(FOLDER);
if (!isPresent) console.warn('skipped: the recorded votes are not beside this project (../shared/fixtures/evaluation/votes)');

const read = (name: string): string => readFileSync(join(FOLDER, name), 'utf8');
const json = <T>(name: string): T => JSON.parse(read(name)) as T;
const rows = (name: string): string[][] =>
  read(name)
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.trimEnd().split(','));
const near = (actual: number, expected: number, limit = 1e-6): void => {
  expect(Math.abs(actual - expected), `${actual} instead of ${expected}`).toBeLessThan(limit);
};

describe.skipIf(!isPresent)('ratings of recorded votes', () => {
  test('baseball of 1987, as published', () => {
    const games = rows('baseball-1987.csv').map(([home, away, won, lost]) => ({
      home: home!,
      away: away!,
      won: +won!,
      lost: +lost!,
    }));
    const expected = json<{
      coefficients: Record<string, number>;
      standard_errors: Record<string, number>;
      mean_zero_thetas: Record<string, number>;
    }>('baseball-1987.expected.json');
    const teams = Object.keys(expected.coefficients);
    const outcomes = games.flatMap(({ home, away, won, lost }) =>
      [...Array.from({ length: won }, () => 1), ...Array.from({ length: lost }, () => 0)].map((score) => ({
        first: teams.indexOf(home),
        second: teams.indexOf(away),
        score,
      })),
    );
    const { thetas, covariance } = fitStrengths(countWins(teams.length, outcomes))!;
    const reference = teams.indexOf('Baltimore');
    teams.forEach((team, index) => {
      near(thetas[index]!, expected.mean_zero_thetas[team]!);
      near(thetas[index]! - thetas[reference]!, expected.coefficients[team]!);
      near(differenceError(covariance, index, reference), expected.standard_errors[team]!);
    });
  });

  test("PandaLM's votes: strengths, and errors by vote, by item and of differences", () => {
    const expected = json<{
      ratings: {
        model: string;
        theta: number;
        elo: number;
        se_information: number;
        se_sandwich_by_vote: number;
        se_sandwich_by_item: number;
        elo_ci95_by_item: number[];
        bootstrap_items_ci95: number[];
        votes: number;
        wins: number;
        ties: number;
      }[];
      pairs: { a: string; b: string; wins_a: number; p_model: number; diff: number; se_diff_by_item: number }[];
    }>('pandalm-human-votes.expected.json');
    const votes = rows('pandalm-human-votes.csv').map(([item, , first, second, winner]) => ({
      item: item!,
      first: first!,
      second: second!,
      score: winner === 'model_a' ? 1 : winner === 'model_b' ? 0 : 0.5,
    }));
    const models = expected.ratings.map(({ model }) => model);
    const outcomes = votes.map(({ first, second, score }) => ({
      first: models.indexOf(first),
      second: models.indexOf(second),
      score,
    }));
    const items = new Map<string, IndexedOutcome[]>();
    votes.forEach(({ item }, index) => items.set(item, [...(items.get(item) ?? []), outcomes[index]!]));
    const wins = countWins(models.length, outcomes);
    const fit = fitStrengths(wins)!;
    const byVote = sandwich(
      fit,
      outcomes.map((outcome) => [outcome]),
    );
    const byItem = sandwich(fit, [...items.values()]);
    const [island, ...others] = rateModels(votes.map(({ item, ...outcome }) => ({ cluster: item, outcomes: [outcome] })));
    expect([others, island!.isProvisional, island!.intervals]).toEqual([[], false, 'sandwich']);
    expected.ratings.forEach((rating, index) => {
      near(fit.thetas[index]!, rating.theta);
      near(Math.sqrt(fit.covariance[index]![index]!), rating.se_information);
      near(Math.sqrt(byVote[index]![index]!), rating.se_sandwich_by_vote);
      near(Math.sqrt(byItem[index]![index]!), rating.se_sandwich_by_item);
      const shown = island!.ratings[index]!;
      near(shown.rating, rating.elo);
      near(shown.interval.lower, rating.elo_ci95_by_item[0]!, 1e-4);
      near(shown.interval.upper, rating.elo_ci95_by_item[1]!, 1e-4);
      expect([shown.model, shown.votes, shown.wins, shown.ties]).toEqual([rating.model, rating.votes, rating.wins, rating.ties]);
    });
    expect(island!.ratings.map(({ rank }) => rank)).toEqual([1, 2, 2, 3, 5]);
    for (const { a, b, wins_a, p_model, diff, se_diff_by_item } of expected.pairs) {
      const [one, other] = [models.indexOf(a), models.indexOf(b)];
      near(wins[one]![other]!, wins_a);
      near(fit.thetas[one]! - fit.thetas[other]!, diff);
      near(1 / (1 + Math.exp(fit.thetas[other]! - fit.thetas[one]!)), p_model);
      near(differenceError(byItem, one, other), se_diff_by_item);
    }
    // Another generator drew the expected ones.
    const drawn = bootstrapStrengths(models.length, [...items.values()], { rounds: 300, seed: 1 });
    expected.ratings.forEach(({ bootstrap_items_ci95: [lower, upper] }, index) => {
      near(1000 + (400 / Math.LN10) * drawn[index]!.lower, lower!, 6);
      near(1000 + (400 / Math.LN10) * drawn[index]!.upper, upper!, 6);
    });
  });

  test('degenerate votes', () => {
    const { cases } = json<{
      cases: {
        name: string;
        models: string[];
        votes: { a: string; b: string; score_a: number }[];
        connected: boolean;
        mle_exists: boolean;
        theta_mle?: number[];
        theta_with_half_win_prior_per_ordered_pair: number[];
      }[];
    }>('degenerate-votes.expected.json');
    expect(cases).toHaveLength(6);
    for (const {
      models,
      votes,
      connected,
      mle_exists,
      theta_mle = [],
      theta_with_half_win_prior_per_ordered_pair: prior,
    } of cases) {
      const outcomes = votes.map(({ a, b, score_a }) => ({
        first: models.indexOf(a),
        second: models.indexOf(b),
        score: score_a,
      }));
      const wins = countWins(models.length, outcomes);
      expect(hasEstimate(wins)).toBe(mle_exists);
      const fit = mle_exists ? fitStrengths(wins)! : undefined;
      theta_mle.forEach((theta, index) => near(fit!.thetas[index]!, theta));
      prior.forEach((theta, index) => near(fitStrengths(withPrior(wins, 'all'))!.thetas[index]!, theta));
      const islands = rateModels(
        votes.map(({ a, b, score_a }, index) => ({
          cluster: String(index),
          outcomes: [{ first: a, second: b, score: score_a }],
        })),
      );
      expect(islands.length === 1).toBe(connected);
      expect(islands.some(({ isProvisional }) => isProvisional)).toBe(!mle_exists && connected);
    }
  });
});
