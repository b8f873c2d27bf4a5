import { crc32 } from 'node:zlib';
import { type Buckets, isBucket } from './buckets.ts';
import { type RollupCell, emptySums, SUM, SUM_COUNT } from './tally.ts';

const TIME_KINDS = 3;

/** A stored rollup differs from what orx writes. */
export class RollupDamage extends Error {}

/**
 * Encodes the cells of one facet and span. The same cells always give the same bytes, so that a check can compare them. Each cell is preceded by
 * its values and its length, so that a reader skips what it does not need. The last four bytes are a checksum.
 */
export function encodeCells(cells: readonly RollupCell[], start: number): { cells: Uint8Array; times: Uint8Array } {
  const [sums, times, own] = [new Bytes(), new Bytes(), new Bytes()];
  for (const cell of cells.toSorted(byValues)) {
    for (const value of cell.values) sums.write(value);
    own.clear();
    for (let place = 0; place < SUM.first; place += 1) own.write(cell.sums[place]!);
    const first = cell.sums[SUM.first]!;
    own.write(first === Infinity ? 0 : first - start + 1);
    sums.append(own);
    own.clear();
    for (const buckets of cell.times ?? []) writeBuckets(own, buckets);
    times.append(own);
  }
  return { cells: sums.sealed(), times: times.sealed() };
}

/**
 * Decodes the cells that `isWanted` accepts by their values. `times` is what belongs to them, if it is needed. Throws RollupDamage.
 */
export function decodeCells(
  bytes: Uint8Array,
  times: Uint8Array | undefined,
  { size, start, isWanted }: { size: number; start: number; isWanted: (values: readonly number[]) => boolean },
): RollupCell[] {
  const [reader, timeReader] = [new ByteReader(bytes), times === undefined ? undefined : new ByteReader(times)];
  const cells: RollupCell[] = [];
  while (!reader.isAtEnd()) {
    const values: number[] = [];
    for (let place = 0; place < size; place += 1) values.push(reader.read());
    const end = reader.read() + reader.at;
    const timesEnd = timeReader === undefined ? 0 : timeReader.read() + timeReader.at;
    if (isWanted(values)) {
      const sums = emptySums();
      for (let place = 0; place < SUM_COUNT; place += 1) sums[place] = reader.read();
      sums[SUM.first] = sums[SUM.first] === 0 ? Infinity : sums[SUM.first]! + start - 1;
      cells.push({ values, sums, times: timeReader === undefined ? undefined : readTimes(timeReader) });
    }
    reader.at = end;
    if (timeReader !== undefined) timeReader.at = timesEnd;
  }
  return cells;
}

function byValues(one: RollupCell, other: RollupCell): number {
  for (let place = 0; place < one.values.length; place += 1) {
    const difference = one.values[place]! - other.values[place]!;
    if (difference !== 0) return difference;
  }
  return 0;
}

function writeBuckets(bytes: Bytes, buckets: Buckets): void {
  bytes.write(buckets.length / 2);
  let before = 0;
  for (let index = 0; index < buckets.length; index += 2) {
    // Most buckets of a small cell have one value: the lowest bit says so, which saves the count.
    const [step, count] = [buckets[index]! - before, buckets[index + 1]!];
    bytes.write(step * 2 + (count === 1 ? 1 : 0));
    if (count !== 1) bytes.write(count);
    before = buckets[index]!;
  }
}

function readTimes(reader: ByteReader): Buckets[] {
  return Array.from({ length: TIME_KINDS }, () => {
    const buckets: number[] = [];
    let bucket = 0;
    for (let left = reader.read(); left > 0; left -= 1) {
      const step = reader.read();
      bucket += Math.floor(step / 2);
      if (!isBucket(bucket)) throw new RollupDamage('a rollup has an impossible time');
      buckets.push(bucket, step % 2 === 1 ? 1 : reader.read());
    }
    return buckets;
  });
}

/** Integers as bytes: seven bits in each, the lowest first; negative ones are interleaved with positive ones. */
class Bytes {
  #bytes = new Uint8Array(64);
  #length = 0;

  write(value: number): void {
    let left = value < 0 ? -value * 2 - 1 : value * 2;
    this.#reserve(12);
    while (left >= 128) {
      this.#bytes[this.#length++] = (left % 128) + 128;
      left = Math.floor(left / 128);
    }
    this.#bytes[this.#length++] = left;
  }

  clear(): void {
    this.#length = 0;
  }

  /** Writes other bytes after their length. */
  append(other: Bytes): void {
    this.write(other.#length);
    this.#reserve(other.#length);
    this.#bytes.set(other.#bytes.subarray(0, other.#length), this.#length);
    this.#length += other.#length;
  }

  sealed(): Uint8Array {
    const content = this.#bytes.subarray(0, this.#length);
    const all = new Uint8Array(this.#length + 4);
    all.set(content);
    new DataView(all.buffer).setUint32(this.#length, crc32(content));
    return all;
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + more));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

class ByteReader {
  at = 0;
  readonly #bytes: Uint8Array;

  constructor(sealed: Uint8Array) {
    const length = sealed.length - 4;
    if (length < 0) throw new RollupDamage('a rollup is too short');
    this.#bytes = sealed.subarray(0, length);
    const sum = new DataView(sealed.buffer, sealed.byteOffset + length, 4).getUint32(0);
    if (sum !== crc32(this.#bytes)) throw new RollupDamage('the checksum of a rollup is wrong');
  }

  isAtEnd(): boolean {
    return this.at >= this.#bytes.length;
  }

  read(): number {
    let [value, scale] = [0, 1];
    for (;;) {
      const byte = this.#bytes[this.at++];
      if (byte === undefined) throw new RollupDamage('a rollup ends too early');
      if (byte < 128) {
        value += byte * scale;
        return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
      }
      value += (byte - 128) * scale;
      scale *= 128;
    }
  }
}
