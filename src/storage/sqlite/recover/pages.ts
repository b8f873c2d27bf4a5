import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { readWal, type WalPage } from './wal.ts';

/** The pages of a database file combined with its write-ahead log, however damaged. */
export interface Pages {
  /** Bytes per page. */
  size: number;
  count: number;
  /** Returns a page by number, from 1; bytes missing in the file are zero. Undefined if there is no such page. */
  read: (page: number) => Buffer | undefined;
  /** Returns the number of bytes of a page that exist: fewer than its size if the file ends inside it. */
  known: (page: number) => number;
  /** Problems of the log. */
  problems: readonly string[];
  close: () => void;
}

const DEFAULT_SIZE = 4096;
const PAGE_SIZE_AT = 16;
const B_TREE_TYPES = new Set([2, 5, 10, 13]);

export function openPages(path: string): Pages {
  const wal = readWal(`${path}-wal`);
  const file = openFile(path);
  const bytes = file === undefined ? 0 : fstatSync(file).size;
  const size = wal.pages.values().next().value?.bytes.length ?? pageSize(file);
  const inFile = Math.ceil(bytes / size);
  const count = Math.max(wal.pageCount ?? inFile, wal.problem === undefined ? 0 : inFile);
  const readFile = (page: number): Buffer | undefined => {
    if (file === undefined || page > inFile) return undefined;
    const buffer = Buffer.alloc(size);
    readSync(file, buffer, 0, size, (page - 1) * size);
    return buffer;
  };
  return {
    size,
    count,
    problems: wal.problem === undefined ? [] : [wal.problem],
    read(page) {
      if (!Number.isInteger(page) || page < 1 || page > count) return undefined;
      const logged = wal.pages.get(page);
      if (logged === undefined) return readFile(page);
      return logged.isSound ? logged.bytes : better(logged, readFile(page), page);
    },
    known: (page) => (wal.pages.has(page) ? size : Math.max(0, Math.min(size, bytes - (page - 1) * size))),
    close() {
      if (file !== undefined) closeSync(file);
    },
  };
}

/** Chooses between a damaged copy of a page in the log and the older one in the file: the older one if the type of the copy is wrong. */
function better({ bytes }: WalPage, older: Buffer | undefined, page: number): Buffer {
  const at = page === 1 ? 100 : 0;
  return older !== undefined && B_TREE_TYPES.has(older[at]!) && bytes[at] !== older[at] ? older : bytes;
}

function openFile(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch {
    return undefined;
  }
}

function pageSize(file: number | undefined): number {
  const field = Buffer.alloc(2);
  if (file === undefined || readSync(file, field, 0, 2, PAGE_SIZE_AT) < 2) return DEFAULT_SIZE;
  const size = field.readUInt16BE(0) === 1 ? 65_536 : field.readUInt16BE(0);
  return size >= 512 && (size & (size - 1)) === 0 ? size : DEFAULT_SIZE;
}
