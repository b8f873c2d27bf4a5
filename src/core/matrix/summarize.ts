import { decimal, type Decimal } from '../../decimal.ts';
import type { AnswerRecord } from '../../storage/matrix/record.ts';
import type { TestCase } from '../evaluation/test-case.ts';
import { type ConcludedDifference, conclude } from '../statistics/conclusion.ts';
import { type Interval, wilsonInterval } from '../statistics/interval.ts';
import { clusteredMean, mean, meanInterval } from '../statistics/means.ts';
import { clusteredDifference, pairedDifference, type PairedDifference } from '../statistics/paired.ts';
import { type NumberSpread, numberSpread } from '../statistics/quantile.ts';
import { type CellResult, type CellState, hasPassed } from './cell-result.ts';

/** The share of cases that pass. The case is the unit: repetitions of a case count as one item. */
export interface PassRate {
  /** Mean over the items, 0 to 1. */
  rate: number;
  /** Number of items. */
  n: number;
  /** Number of groups of items that depend on each other; undefined if each item is independent. */
  clusters?: number | undefined;
  /** Undefined where there are too few items for one. */
  interval: Interval | undefined;
}

/** What a lane did in all of its cells. */
export interface LaneSummary {
  name: string;
  model: string;
  cells: Readonly<Record<CellState, number>>;
  /** Cells with expectations, whether an answer came or not; of these, the passed ones, and those with something not run. */
  expecting: number;
  passed: number;
  notRun: number;
  /** Over the cases that were checked: with an answer, and nothing not run. Undefined if there are none. */
  passRate: PassRate | undefined;
  /** Of all answers, each counted once. */
  cost: Decimal;
  /** The cost of some answers is not known. */
  hasUnknownCost: boolean;
  promptTokens: number;
  completionTokens: number;
  /** Time from the request to the end of the answer, in milliseconds. */
  durationMs: NumberSpread | undefined;
  timeToFirstTokenMs: NumberSpread | undefined;
  /** Tokens per second. */
  throughput: NumberSpread | undefined;
  /** Means of the scores by metric. */
  metrics: ReadonlyMap<string, number>;
  /** Pass rate minus that of the first lane, over the cases that both answered. Undefined for the first lane. */
  difference?: (PairedDifference & ConcludedDifference) | undefined;
}

/** Collects the results of all cells, in the order of the plan, into one summary per lane. */
export class MatrixSummary {
  readonly #lanes: readonly LaneCounts[];
  /** Costs of answers that several cells share count once. */
  readonly #paid = new Set<string>();
  #item = -1;
  #testCase: unknown;
  readonly #clusterOf: ((testCase: TestCase) => string | undefined) | undefined;
  /** The group of each item. */
  readonly #clusters: string[] = [];

  /** `clusterOf`: returns the group of a case; undefined for a case that is a group of its own. */
  constructor(
    lanes: readonly { name: string; model: string }[],
    clusterOf?: ((testCase: TestCase) => string | undefined) | undefined,
  ) {
    this.#lanes = lanes.map((lane) => new LaneCounts(lane));
    this.#clusterOf = clusterOf;
  }

  /** Adds a cell. All cells of a case must follow each other. */
  add(result: CellResult): void {
    const { testCase, lane } = result.cell;
    if (testCase !== this.#testCase) {
      this.#item += 1;
      if (this.#clusterOf !== undefined) this.#clusters.push(JSON.stringify(this.#clusterOf(testCase) ?? this.#item));
    }
    this.#testCase = testCase;
    const fresh = result.answers.filter(({ key }) => !this.#paid.has(key));
    for (const { key } of fresh) this.#paid.add(key);
    this.#lanes[lane]?.add(this.#item, result, fresh);
  }

  /** Returns the summaries, in the order of the lanes. */
  lanes(): LaneSummary[] {
    const items = this.#item + 1;
    const rates = this.#lanes.map((lane) => lane.ratesByItem(items));
    const [first] = rates;
    const clusters = this.#clusterOf === undefined ? undefined : this.#clusters;
    const differences = rates.slice(1).map((other) => {
      if (first === undefined) return undefined;
      return clusters === undefined ? pairedDifference(other, first) : clusteredDifference(other, first, clusters);
    });
    const known = differences.filter((difference) => difference !== undefined);
    const concluded = new Map(conclude(known).map((difference, index) => [known[index], difference]));
    return this.#lanes.map((lane, index) => {
      const difference = concluded.get(differences[index - 1]!);
      return { ...lane.summary(rates[index]!, clusters), ...(difference !== undefined && { difference }) };
    });
  }
}

class LaneCounts {
  readonly #lane: { name: string; model: string };
  readonly #cells: Record<CellState, number> = { answered: 0, empty: 0, failed: 0, 'not-asked': 0 };
  /** Passed and checked cells of each item. */
  readonly #items = new Map<number, { passed: number; checked: number }>();
  readonly #durations: number[] = [];
  readonly #firstTokens: number[] = [];
  readonly #throughputs: number[] = [];
  readonly #metrics = new Map<string, { sum: number; count: number }>();
  #expecting = 0;
  #passed = 0;
  #notRun = 0;
  #cost: Decimal = decimal(0);
  #hasUnknownCost = false;
  #promptTokens = 0;
  #completionTokens = 0;

  constructor(lane: { name: string; model: string }) {
    this.#lane = lane;
  }

  add(item: number, result: CellResult, paid: readonly AnswerRecord[]): void {
    const { state, outcome, answers, cell } = result;
    this.#cells[state] += 1;
    for (const answer of paid) this.#pay(answer);
    if (state === 'answered') this.#measure(answers);
    if (cell.testCase.expectations.length === 0) return;
    this.#expecting += 1;
    const isPassed = hasPassed(result);
    if (isPassed) this.#passed += 1;
    if (outcome?.verdict === 'not-run') this.#notRun += 1;
    if (outcome === undefined || outcome.verdict === 'not-run') return;
    const counts = this.#items.get(item) ?? { passed: 0, checked: 0 };
    this.#items.set(item, { passed: counts.passed + (isPassed ? 1 : 0), checked: counts.checked + 1 });
    for (const [metric, score] of Object.entries(outcome.metrics ?? {})) this.#score(metric, score);
  }

  /** Returns the share of passed repetitions of each item; undefined for items without an answer. */
  ratesByItem(items: number): (number | undefined)[] {
    return Array.from({ length: items }, (_, item) => {
      const counts = this.#items.get(item);
      return counts === undefined ? undefined : counts.passed / counts.checked;
    });
  }

  summary(rates: readonly (number | undefined)[], clusters: readonly string[] | undefined): LaneSummary {
    return {
      ...this.#lane,
      cells: this.#cells,
      expecting: this.#expecting,
      passed: this.#passed,
      notRun: this.#notRun,
      passRate: clusters === undefined ? passRate(rates.filter((rate) => rate !== undefined)) : clusteredRate(rates, clusters),
      cost: this.#cost,
      hasUnknownCost: this.#hasUnknownCost,
      promptTokens: this.#promptTokens,
      completionTokens: this.#completionTokens,
      durationMs: numberSpread(this.#durations),
      timeToFirstTokenMs: numberSpread(this.#firstTokens),
      throughput: numberSpread(this.#throughputs),
      metrics: new Map([...this.#metrics].map(([name, { sum, count }]) => [name, sum / count])),
    };
  }

  #pay({ cost, state, promptTokens = 0, completionTokens = 0 }: AnswerRecord): void {
    if (cost !== undefined) this.#cost = this.#cost.plus(cost);
    else if (state === 'answered') this.#hasUnknownCost = true;
    this.#promptTokens += promptTokens;
    this.#completionTokens += completionTokens;
  }

  #measure(answers: readonly AnswerRecord[]): void {
    const durations = answers.map(({ durationMs }) => durationMs);
    if (durations.every((duration) => duration !== undefined)) this.#durations.push(durations.reduce((sum, one) => sum + one, 0));
    const { timeToFirstTokenMs: first, throughput } = answers.at(-1) ?? {};
    if (first !== undefined) this.#firstTokens.push(first);
    if (throughput !== undefined) this.#throughputs.push(throughput);
  }

  #score(metric: string, score: number): void {
    const { sum, count } = this.#metrics.get(metric) ?? { sum: 0, count: 0 };
    this.#metrics.set(metric, { sum: sum + score, count: count + 1 });
  }
}

/** Wilson's interval where each item passed or not; the t interval of the items' means where repetitions disagree. */
function passRate(rates: readonly number[]): PassRate | undefined {
  const n = rates.length;
  if (n === 0) return undefined;
  const isBinary = rates.every((rate) => rate === 0 || rate === 1);
  if (isBinary) {
    const passed = rates.filter((rate) => rate === 1).length;
    return { rate: passed / n, n, interval: wilsonInterval(passed, n) };
  }
  return { rate: mean(rates), n, interval: clamped(meanInterval(rates)?.interval) };
}

/** The t interval over groups of items that depend on each other. */
function clusteredRate(rates: readonly (number | undefined)[], clusters: readonly string[]): PassRate | undefined {
  const groups = new Map<string, number[]>();
  for (const [item, rate] of rates.entries())
    if (rate !== undefined) groups.set(clusters[item]!, [...(groups.get(clusters[item]!) ?? []), rate]);
  const estimate = clusteredMean([...groups.values()]);
  if (estimate === undefined) return undefined;
  const n = rates.filter((rate) => rate !== undefined).length;
  return { rate: estimate.mean, n, clusters: groups.size, interval: clamped(estimate.interval) };
}

function clamped(interval: Interval | undefined): Interval | undefined {
  return interval === undefined ? undefined : { lower: Math.max(0, interval.lower), upper: Math.min(1, interval.upper) };
}
