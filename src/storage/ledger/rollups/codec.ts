import { ByteReader, Bytes } from './bytes.ts';
import { emptySums, type RollupCell, SUM, SUM_COUNT } from './tally.ts';
import { bucketsOf, writeBuckets } from './times.ts';

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
    for (const buckets of bucketsOf(cell.times)) writeBuckets(own, buckets);
    times.append(own);
  }
  return { cells: sums.sealed(), times: times.sealed() };
}

/**
 * Decodes the cells that `isWanted` accepts by their values. `times` is what belongs to them, if it is needed. Throws
 * RollupDamage.
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
      cells.push({ values, sums, times: timeReader === undefined ? undefined : { reader: timeReader, at: timeReader.at } });
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
