import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { openedFiles } from '../../sqlite/opened-files.ts';
import { LEDGER_MIGRATIONS } from '../migrations.ts';
import { budgetCopyPath, mayHaveBudgets } from './copy.ts';

const FILE_HEADER = 100;
const MAGIC = 'SQLite format 3\0';
const TABLE_LEAF = 13;
const TABLE_INNER = 5;
/** The schema of a ledger has some ten pages. */
const MOST_SCHEMA_PAGES = 64;
const WAL_HEADER = 32;
const FRAME_HEADER = 24;
/** Its last bit says how the log stores numbers. */
const WAL_MAGIC = 0x37_7f_06_82;
/** SQLite itself keeps its log below this many pages, unless another process reads for long. */
const MOST_FRAMES = 1200;

/**
 * Returns whether the ledger certainly has no budgets, without loading SQLite: reads the few pages that hold its schema and its table of budgets,
 * and the copies of these pages in the write-ahead log. Returns false in any doubt: another schema version, damage, a copy of the budgets, pages
 * that differ from the log.
 */
export function hasNoBudgets({ folder, name }: { folder: string; name: string }): boolean {
  const path = join(folder, `${name}.db`);
  try {
    if (mayHaveBudgets(budgetCopyPath({ folder, name }))) return false;
    if (existsSync(`${path}.damaged`) || existsSync(`${path}-journal`)) return false;
    // The log first: what it no longer has afterwards is in the file.
    const log = readLog(`${path}-wal`);
    const file = openOr(path);
    if (file === undefined) return log.size === 0;
    try {
      return isTableEmpty(file, log);
    } finally {
      if (!openedFiles.has(path)) closeSync(file);
    }
  } catch {
    return false;
  }
}

/** All copies of each page in a write-ahead log, whether they are valid or not. Throws for a log that is long or cannot be read. */
type Log = ReadonlyMap<number, readonly Buffer[]>;

function readLog(path: string): Log {
  const file = openOr(path);
  const pages = new Map<number, Buffer[]>();
  if (file === undefined) return pages;
  try {
    const { size } = fstatSync(file);
    if (size === 0) return pages;
    const header = readAt(file, 0, WAL_HEADER);
    const pageSize = header.readUInt32BE(8);
    if ((header.readUInt32BE(0) & ~1) >>> 0 !== WAL_MAGIC || pageSize < 512) throw new Error('the log is damaged');
    const frames = Math.ceil((size - WAL_HEADER) / (FRAME_HEADER + pageSize));
    if (frames > MOST_FRAMES) throw new Error('the log is long');
    const bytes = readAt(file, WAL_HEADER, frames * (FRAME_HEADER + pageSize), { isShort: true });
    for (let at = 0; at + FRAME_HEADER + pageSize <= bytes.length; at += FRAME_HEADER + pageSize) {
      const page = bytes.readUInt32BE(at);
      const copy = bytes.subarray(at + FRAME_HEADER, at + FRAME_HEADER + pageSize);
      pages.set(page, [...(pages.get(page) ?? []), copy]);
    }
    // A log without a single frame does not show anything about its database.
    if (pages.size === 0) pages.set(0, []);
    return pages;
  } finally {
    closeSync(file);
  }
}

function isTableEmpty(file: number, log: Log): boolean {
  const header = readAt(file, 0, FILE_HEADER);
  const pageSize = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16);
  if (header.toString('latin1', 0, MAGIC.length) !== MAGIC || pageSize < 512 || !isKnownLayout(header)) return false;
  const read = (page: number): Buffer => {
    const bytes = readAt(file, (page - 1) * pageSize, pageSize);
    const from = page === 1 ? FILE_HEADER : 0;
    // Every commit may change the header of the file, in which only the size counts here.
    const isSame = (copy: Buffer): boolean =>
      copy.length === pageSize && copy.subarray(from).equals(bytes.subarray(from)) && (page !== 1 || isKnownLayout(copy));
    if (log.get(page)?.every(isSame) === false) throw new Error('the log has other pages');
    return bytes;
  };
  const root = rootOf('budget', read);
  if (root === undefined) return false;
  const table = read(root);
  return table[0] === TABLE_LEAF && table.readUInt16BE(3) === 0;
}

/** Returns whether the header of a database names the schema version of this orx. */
function isKnownLayout(header: Buffer): boolean {
  return header.readUInt32BE(60) === LEDGER_MIGRATIONS.length;
}

/** Returns the first page of a table; undefined if the schema does not list it, or more than once. */
function rootOf(table: string, read: (page: number) => Buffer): number | undefined {
  const roots: number[] = [];
  const pages = [1];
  for (let index = 0; index < pages.length && index < MOST_SCHEMA_PAGES; index += 1) {
    const page = pages[index]!;
    const bytes = read(page);
    const at = page === 1 ? FILE_HEADER : 0;
    const type = bytes[at];
    if (type !== TABLE_LEAF && type !== TABLE_INNER) return undefined;
    const cells = at + (type === TABLE_LEAF ? 8 : 12);
    for (let cell = 0; cell < bytes.readUInt16BE(at + 3); cell += 1) {
      const start = bytes.readUInt16BE(cells + 2 * cell);
      if (type === TABLE_INNER) pages.push(bytes.readUInt32BE(start));
      else {
        const { type: kind, name, root } = schemaRow(bytes, start);
        if (kind === 'table' && name === table) roots.push(root);
      }
    }
    if (type === TABLE_INNER) pages.push(bytes.readUInt32BE(at + 8));
  }
  return roots.length === 1 && pages.length <= MOST_SCHEMA_PAGES ? roots[0] : undefined;
}

/** Reads the first columns of a row of the schema, which are always in the page itself: type, name, tbl_name, rootpage, sql. */
function schemaRow(bytes: Buffer, start: number): { type: string; name: string; root: number } {
  let at = start;
  const varint = (): number => {
    let value = 0;
    for (let byte = 0x80; byte >= 0x80;) {
      byte = bytes[at++] ?? NaN;
      value = value * 128 + (byte & 0x7f);
    }
    return value;
  };
  varint();
  varint();
  const header = at;
  const end = header + varint();
  const sizes = [varint(), varint(), varint()].map((serial) => Math.max(0, (serial - 13) / 2));
  const rootSize = varint();
  const text = (index: number): string => {
    const from = end + sizes.slice(0, index).reduce((sum, size) => sum + size, 0);
    return bytes.toString('latin1', from, from + sizes[index]!);
  };
  const from = end + sizes.reduce((sum, size) => sum + size, 0);
  return { type: text(0), name: text(1), root: integerAt(bytes, from, rootSize) };
}

/** Returns an integer by SQLite's code for its size; 8 and 9 are the constants 0 and 1. */
function integerAt(bytes: Buffer, at: number, serial: number): number {
  if (serial >= 1 && serial <= 4) return bytes.readIntBE(at, serial);
  return serial === 9 ? 1 : 0;
}

function openOr(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

function readAt(file: number, at: number, size: number, { isShort = false } = {}): Buffer {
  const bytes = Buffer.alloc(size);
  let known = 0;
  for (let count = 1; known < size && count > 0; known += count) count = readSync(file, bytes, known, size - known, at + known);
  if (known < size && !isShort) throw new Error('the file ends early');
  return bytes.subarray(0, known);
}
