import type { Calibration, RatioBounds } from '../reports/report.ts';

/** One request: prompt tokens that the API counted, and orx's own estimate before it was sent. */
export interface TokenSample {
  real: number;
  estimated: number;
}

/** Largest plausible overhead of a request in tokens: hidden prompts and chat templates. More is something else, such as search results. */
const MOST_OVERHEAD = 512;
/** How strongly the fit prefers a ratio of 1, in estimated tokens, and an overhead of 0. */
const RATIO_PRIOR = 2000;
const OVERHEAD_PRIOR = 0.02;
/** Shorter prompts consist mostly of overhead and say nothing about the ratio. */
const LEAST_PROMPT = 50;
/** Fewest estimated tokens for a fit. */
const LEAST_EVIDENCE = 2000;
/** Share of the estimated tokens whose ratio is not above `high`. */
const HIGH = 0.95;

/**
 * Fits `real = overhead + ratio × estimated`. Each prompt is weighted by its length, and the overhead is a constant, so that any number of short
 * prompts does not affect the ratio. Ignores counts that no tokenizer can produce. Returns undefined if there is too little data.
 */
export function fitTokens(samples: readonly TokenSample[], bounds: RatioBounds): Calibration | undefined {
  const usable = samples.filter(
    ({ real, estimated }) => real >= estimated * bounds.low && real <= estimated * bounds.high + MOST_OVERHEAD,
  );
  const evidence = sum(usable, ({ estimated }) => estimated);
  const informative = usable.filter(({ estimated }) => estimated >= LEAST_PROMPT);
  if (evidence < LEAST_EVIDENCE || informative.length === 0) return undefined;
  const overhead = Math.min(MOST_OVERHEAD, Math.max(0, fitOverhead(usable)));
  const real = sum(usable, (sample) => sample.real) - usable.length * overhead;
  const ratio = within(bounds, (real + RATIO_PRIOR) / (evidence + RATIO_PRIOR));
  const high = weightedQuantile(
    informative.map((sample) => ({ value: (sample.real - overhead) / sample.estimated, weight: sample.estimated })),
    HIGH,
  );
  return { samples: informative.length, ratio, high: within(bounds, Math.max(ratio, high)), overhead: Math.round(overhead) };
}

/** Returns the constant of a least-squares line whose samples are weighted with 1/estimated: the variance of a count grows with the prompt. */
function fitOverhead(samples: readonly TokenSample[]): number {
  const xx = sum(samples, ({ estimated }) => estimated) + RATIO_PRIOR;
  const cc = sum(samples, ({ estimated }) => 1 / estimated) + OVERHEAD_PRIOR;
  const xy = sum(samples, ({ real }) => real) + RATIO_PRIOR;
  const cy = sum(samples, ({ real, estimated }) => real / estimated);
  const xc = samples.length;
  return (xx * cy - xc * xy) / (xx * cc - xc * xc);
}

/** Returns the value that this share of the weight does not exceed. */
function weightedQuantile(values: readonly { value: number; weight: number }[], share: number): number {
  const sorted = values.toSorted((one, other) => one.value - other.value);
  let left = sum(sorted, ({ weight }) => weight) * share;
  for (const { value, weight } of sorted) {
    left -= weight;
    if (left <= 0) return value;
  }
  return sorted.at(-1)?.value ?? 0;
}

function within({ low, high }: RatioBounds, value: number): number {
  return Math.min(high, Math.max(low, value));
}

function sum<T>(items: readonly T[], valueOf: (item: T) => number): number {
  return items.reduce((total, item) => total + valueOf(item), 0);
}
