import { RollupDamage } from './bytes.ts';

/**
 * Times as a DDSketch: counts of logarithmic buckets, which add exactly. A bucket's value differs from each value in it by at most
 * RELATIVE_ERROR.
 */
export const RELATIVE_ERROR = 0.01;

/** Numbers of buckets in ascending order, each followed by its count. */
export type Buckets = readonly number[];

const GAMMA = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR);
const PER_E = 1 / Math.log(GAMMA);
/** Smaller values count as this one, larger ones as the last: durations from a microsecond to 30 years. */
const [LEAST, MOST] = [1e-3, 1e12];
/** Makes the number of the lowest bucket 1, because 0 stands for no value. */
const SHIFT = 1 - Math.ceil(Math.log(LEAST) * PER_E);
const LAST = Math.ceil(Math.log(MOST) * PER_E) + SHIFT;

/** Returns a SQL expression for the number of the bucket of a column; 0 for null. */
export function bucketSql(column: string): string {
  return `IFNULL(CAST(CEIL(LN(MIN(MAX(${column}, ${LEAST}), ${MOST})) * ${PER_E}) AS INTEGER) + ${SHIFT}, 0)`;
}

/** Returns the value that stands for a bucket: with the same relative distance to both of its ends. */
export function bucketValue(bucket: number): number {
  return (Math.exp((bucket - SHIFT) / PER_E) * 2) / (1 + GAMMA);
}

/** Returns the buckets of single values. */
export function countBuckets(numbers: readonly number[]): Buckets {
  if (numbers.length === 0) return [];
  if (numbers.length === 1) return [numbers[0]!, 1];
  return joinSorted(numbers.toSorted((one, other) => one - other));
}

function joinSorted(sorted: readonly number[]): Buckets {
  const buckets: number[] = [];
  for (let index = 0; index < sorted.length; index += 1) {
    if (index > 0 && sorted[index] === sorted[index - 1]) buckets[buckets.length - 1]! += 1;
    else buckets.push(sorted[index]!, 1);
  }
  return buckets;
}

/** Adds the counts of several sketches. */
export class BucketSum {
  readonly #counts = new Float64Array(LAST + 1);
  #touched: number[] = [];
  #low = LAST;
  #high = 0;

  /** Throws RollupDamage for a number of no bucket. */
  add(bucket: number, count: number): void {
    const known = this.#counts[bucket];
    if (known === undefined || bucket === 0) throw new RollupDamage('a rollup has an impossible time');
    if (known === 0) {
      this.#touched.push(bucket);
      if (bucket < this.#low) this.#low = bucket;
      if (bucket > this.#high) this.#high = bucket;
    }
    this.#counts[bucket] = known + count;
  }

  addAll(buckets: Buckets): void {
    for (let index = 0; index < buckets.length; index += 2) this.add(buckets[index]!, buckets[index + 1]!);
  }

  /** Returns the sum, and starts again. */
  take(): Buckets {
    const joined: number[] = [];
    const move = (bucket: number): void => {
      if (this.#counts[bucket] === 0) return;
      joined.push(bucket, this.#counts[bucket]!);
      this.#counts[bucket] = 0;
    };
    // Going through all buckets between two ends is faster than sorting, unless few of them have a count.
    if (this.#touched.length * 8 > this.#high - this.#low) for (let at = this.#low; at <= this.#high; at += 1) move(at);
    else for (const bucket of this.#touched.sort((one, other) => one - other)) move(bucket);
    this.#touched = [];
    [this.#low, this.#high] = [LAST, 0];
    return joined;
  }
}
