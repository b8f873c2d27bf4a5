import { CONFIDENCE, type Interval } from './interval.ts';
import { mean } from './means.ts';
import { quantile } from './quantile.ts';

/** The rounds and the seed that orx uses, and prints with a bootstrapped interval. */
export const BOOTSTRAP = { rounds: 2000, seed: 1 } as const;

/** Returns a generator of numbers from 0 (included) to 1 (excluded): the same ones for the same seed on every machine. */
export function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** How an interval was bootstrapped. */
export interface BootstrapOptions {
  rounds: number;
  seed: number;
}

/** Calls `see` with the drawn indices of each round: `n` of `n`, with replacement. */
export function resample(n: number, { rounds, seed }: BootstrapOptions, see: (indices: readonly number[]) => void): void {
  const random = mulberry32(seed);
  for (let round = 0; round < rounds; round += 1) see(Array.from({ length: n }, () => Math.floor(random() * n)));
}

/** Returns the percentile interval of the mean over resampled items; undefined for fewer than two values. */
export function bootstrapMean(
  values: readonly number[],
  options: BootstrapOptions = BOOTSTRAP,
): (Interval & { meanOfMeans: number }) | undefined {
  if (values.length < 2) return undefined;
  const means: number[] = [];
  resample(values.length, options, (indices) => {
    means.push(indices.reduce((sum, index) => sum + values[index]!, 0) / values.length);
  });
  const tail = (1 - CONFIDENCE) / 2;
  return { lower: quantile(means, tail)!, upper: quantile(means, 1 - tail)!, meanOfMeans: mean(means) };
}
