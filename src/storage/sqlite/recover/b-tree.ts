import type { Pages } from './pages.ts';
import { readRecord, readVarint, type StoredRecord } from './record.ts';

/** A page of a b-tree: of a table (rows by number) or an index (records in order), inner or leaf. */
export interface TreePage {
  page: number;
  bytes: Buffer;
  isTable: boolean;
  isLeaf: boolean;
  /** The start of each cell; undefined if it is outside the page. */
  cells: readonly (number | undefined)[];
  /** Inner pages: the last child. */
  rightmost: number;
  /** Leaves of tables: the row numbers that the parent page states, if one leads to this page. */
  numbers?: { above: number; upTo: number } | undefined;
}

export interface RecordCell {
  /** Inner pages: the child before this cell. */
  child?: number | undefined;
  /** Tables: number of the row; inner pages: the highest number in the child. */
  row?: number | undefined;
  /** Undefined in inner pages of tables. */
  record?: StoredRecord | undefined;
}

export const TABLE_LEAF = 13;
const TABLE_INNER = 5;
const INDEX_LEAF = 10;
const INDEX_INNER = 2;
const KINDS: Readonly<Record<number, Pick<TreePage, 'isTable' | 'isLeaf'>>> = {
  [TABLE_LEAF]: { isTable: true, isLeaf: true },
  [TABLE_INNER]: { isTable: true, isLeaf: false },
  [INDEX_LEAF]: { isTable: false, isLeaf: true },
  [INDEX_INNER]: { isTable: false, isLeaf: false },
};
/** On the first page, the file header precedes the page header. */
const FILE_HEADER = 100;

/** Reads a page of a b-tree; `type` overrides the type that the page itself gives. Undefined if it is not such a page. */
export function readTreePage({ read, size }: Pages, page: number, type?: number): TreePage | undefined {
  const bytes = read(page);
  if (bytes === undefined) return undefined;
  const at = page === 1 ? FILE_HEADER : 0;
  const kind = KINDS[type ?? bytes[at]!];
  if (kind === undefined) return undefined;
  const first = at + (kind.isLeaf ? 8 : 12);
  const count = Math.min(bytes.readUInt16BE(at + 3), Math.floor((size - first) / 2));
  const end = first + 2 * count;
  const cells = Array.from({ length: count }, (_, index) => {
    const cell = bytes.readUInt16BE(first + 2 * index);
    return cell >= end && cell < size - 3 ? cell : undefined;
  });
  return { page, bytes, ...kind, cells, rightmost: kind.isLeaf ? 0 : bytes.readUInt32BE(at + 8) };
}

/** Reads a cell of a page; undefined if it cannot be read. */
export function readCell(
  pages: Pages,
  { page, bytes, isTable, isLeaf }: TreePage,
  start: number | undefined,
): RecordCell | undefined {
  const known = pages.known(page);
  if (start === undefined || start + 4 > known) return undefined;
  const child = isLeaf ? undefined : bytes.readUInt32BE(start);
  let at = isLeaf ? start : start + 4;
  if (isTable && !isLeaf) {
    const row = readVarint(bytes, at);
    return row === undefined ? undefined : { child, row: row.value };
  }
  const length = readVarint(bytes, at);
  if (length === undefined || length.value > pages.count * pages.size) return undefined;
  at = length.end;
  const row = isTable ? readVarint(bytes, at) : undefined;
  if (isTable && row === undefined) return undefined;
  const payload = readPayload(pages, bytes.subarray(0, known), row?.end ?? at, length.value, isTable);
  const record = payload === undefined ? undefined : readRecord(payload, length.value);
  return record === undefined ? undefined : { child, row: row?.value, record };
}

/** Returns how many bytes of a payload are in the cell itself. */
function localSize(size: number, length: number, isTable: boolean): number {
  const most = isTable ? size - 35 : Math.floor(((size - 12) * 64) / 255) - 23;
  if (length <= most) return length;
  const least = Math.floor(((size - 12) * 32) / 255) - 23;
  const fitting = least + ((length - least) % (size - 4));
  return fitting <= most ? fitting : least;
}

/** Returns the size in bytes of a cell in a table leaf; undefined if it cannot be read. */
export function leafCellSize(bytes: Buffer, start: number): number | undefined {
  const length = readVarint(bytes, start);
  const row = length === undefined ? undefined : readVarint(bytes, length.end);
  if (length === undefined || row === undefined) return undefined;
  const local = localSize(bytes.length, length.value, true);
  return Math.max(4, row.end - start + local + (local === length.value ? 0 : 4));
}

/** Returns as much of a payload as can be read. The part that does not fit into its page is in a chain of overflow pages. */
function readPayload(pages: Pages, bytes: Buffer, start: number, length: number, isTable: boolean): Buffer | undefined {
  const { size, read } = pages;
  const local = localSize(size, length, isTable);
  // Bytes that are missing in the file must not be read as zeros: the record ends there.
  if (local === length) return start + length > size ? undefined : bytes.subarray(start, start + length);
  if (start + local + 4 > size) return undefined;
  if (start + local + 4 > bytes.length) return bytes.subarray(start, Math.min(start + local, bytes.length));
  const parts = [bytes.subarray(start, start + local)];
  const seen = new Set<number>();
  let next = bytes.readUInt32BE(start + local);
  for (let left = length - local; left > 0;) {
    const page = seen.has(next) ? undefined : read(next);
    if (page === undefined) break;
    seen.add(next);
    const part = page.subarray(4, Math.min(4 + left, pages.known(next)));
    if (part.length === 0) break;
    parts.push(part);
    left -= part.length;
    next = page.readUInt32BE(0);
  }
  return Buffer.concat(parts);
}
