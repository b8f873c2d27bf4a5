import type { RecordCell, TreePage } from './b-tree.ts';

/**
 * Returns which cells of a table leaf have a row number that can be right, by their places: SQLite stores rows in ascending order, within the numbers
 * that the parent page states. Of numbers that contradict each other, most are right. A cell without a number can be right.
 */
export function cellsInOrder({ numbers }: TreePage, cells: readonly (RecordCell | undefined)[]): ReadonlySet<number> {
  const isPossible = (row: number): boolean => numbers === undefined || (row > numbers.above && row <= numbers.upTo);
  // The longest ascending subsequence: for each length, the cell with the lowest number that ends one.
  const ends: { place: number; row: number }[] = [];
  const before = new Map<number, number | undefined>();
  const result = new Set<number>();
  for (const [place, cell] of cells.entries()) {
    const row = cell?.row;
    if (row === undefined) result.add(place);
    else if (isPossible(row)) {
      const found = ends.findIndex((end) => end.row >= row);
      const length = found === -1 ? ends.length : found;
      before.set(place, ends[length - 1]?.place);
      ends[length] = { place, row };
    }
  }
  for (let place = ends.at(-1)?.place; place !== undefined; place = before.get(place)) result.add(place);
  return result;
}
