import { type Buckets, BucketSum } from './buckets.ts';
import type { ByteReader, Bytes } from './bytes.ts';

/** Duration, time to first token, throughput. */
const TIME_KINDS = 3;

/** Times of a stored cell, not decoded: most of them are only added to others. */
export interface StoredTimes {
  reader: ByteReader;
  at: number;
}

/** Buckets of each kind of time. */
export type Times = readonly Buckets[] | StoredTimes;

const sums = Array.from({ length: TIME_KINDS }, () => new BucketSum());

/** Adds the times of several cells. Throws RollupDamage. */
export function joinTimes(all: readonly Times[]): Times | undefined {
  return all.length > 1 ? added(all) : all[0];
}

/** Returns the buckets of each kind of time. Throws RollupDamage. */
export function bucketsOf(times: Times | undefined): readonly Buckets[] {
  if (times === undefined) return [];
  return 'reader' in times ? added([times]) : times;
}

function added(all: readonly Times[]): readonly Buckets[] {
  for (const times of all) {
    if ('reader' in times) addStored(times);
    else for (const [kind, buckets] of times.entries()) sums[kind]!.addAll(buckets);
  }
  return sums.map((sum) => sum.take());
}

function addStored({ reader, at }: StoredTimes): void {
  reader.at = at;
  for (const sum of sums) {
    let bucket = 0;
    for (let left = reader.read(); left > 0; left -= 1) {
      const step = reader.read();
      bucket += step >> 1;
      sum.add(bucket, (step & 1) === 1 ? 1 : reader.read());
    }
  }
}

export function writeBuckets(bytes: Bytes, buckets: Buckets): void {
  bytes.write(buckets.length / 2);
  let before = 0;
  for (let index = 0; index < buckets.length; index += 2) {
    // Most buckets of a small cell have one value: the lowest bit marks them, which saves the count.
    const [step, count] = [buckets[index]! - before, buckets[index + 1]!];
    bytes.write(step * 2 + (count === 1 ? 1 : 0));
    if (count !== 1) bytes.write(count);
    before = buckets[index]!;
  }
}
