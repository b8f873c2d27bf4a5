import { leafCellSize, type TreePage } from './b-tree.ts';

/**
 * Checks that all bytes of a table leaf add up: header, list of cells, cells and free space. Returns undefined if they do. Otherwise the page is
 * damaged, and the result contains the possible starts of cells that its list does not count.
 */
export function lostCells({ page, bytes, cells }: TreePage): readonly number[] | undefined {
  const at = page === 1 ? 100 : 0;
  const listEnd = at + 8 + 2 * cells.length;
  const content = bytes.readUInt16BE(at + 5) || 65_536;
  const sizes = cells.map((cell) => (cell === undefined ? undefined : leafCellSize(bytes, cell)));
  const used = sizes.reduce<number>((sum, size) => sum + (size ?? Number.NaN), 0);
  const free = freeBytes(bytes, bytes.readUInt16BE(at + 1)) + bytes[at + 7]!;
  if (listEnd <= content && content + used + free === bytes.length) return undefined;
  const places: number[] = [];
  for (let slot = listEnd; slot + 2 <= bytes.length; slot += 2) {
    const cell = bytes.readUInt16BE(slot);
    if (cell <= slot || cell > bytes.length - 4 || places.includes(cell)) break;
    if (!cells.includes(cell)) places.push(cell);
  }
  return places;
}

/** Returns the total size of the free blocks; NaN if their chain is broken. */
function freeBytes(bytes: Buffer, first: number): number {
  let sum = 0;
  let last = 0;
  for (let block = first; block !== 0; block = bytes.readUInt16BE(block)) {
    if (block <= last || block > bytes.length - 4) return Number.NaN;
    sum += bytes.readUInt16BE(block + 2);
    last = block;
  }
  return sum;
}
