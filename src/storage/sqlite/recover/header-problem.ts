import { closeSync, openSync, readSync, statSync } from 'node:fs';

const HEADER = 100;
const MAGIC = 'SQLite format 3\0';

/**
 * Returns what is wrong with the header of a database file, byte for byte; undefined if nothing is. Only for checks that search for damage:
 * SQLite ignores bytes that do not affect reading, and repairs some when it opens the file.
 */
export function headerProblem(path: string): string | undefined {
  const header = Buffer.alloc(HEADER);
  const file = openSync(path, 'r');
  let size: number;
  try {
    if (readSync(file, header, 0, HEADER, 0) < HEADER) return 'the file is shorter than its header';
    ({ size } = statSync(path));
  } finally {
    closeSync(file);
  }
  if (header.toString('latin1', 0, MAGIC.length) !== MAGIC) return 'the file is not a database';
  const page = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16);
  const fixed = [
    page >= 512 && (page & (page - 1)) === 0,
    header[18] === header[19] && (header[18] === 1 || header[18] === 2),
    header[20] === 0 && header[21] === 64 && header[22] === 32 && header[23] === 32,
    header.readUInt32BE(44) >= 1 && header.readUInt32BE(44) <= 4,
    // UTF-8, and no vacuum modes that move pages.
    header.readUInt32BE(56) === 1 && header.readUInt32BE(52) === 0 && header.readUInt32BE(64) === 0,
    header.subarray(72, 92).every((byte) => byte === 0),
  ];
  if (fixed.includes(false)) return 'the header of the file is damaged';
  // If there is a log, it may contain the rest of the file.
  if ((statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0) return undefined;
  if (size % page !== 0) return 'the file ends in the middle of a page';
  const isCounted = header.readUInt32BE(24) === header.readUInt32BE(92);
  return isCounted && header.readUInt32BE(28) !== size / page ? 'the file has not as many pages as its header says' : undefined;
}
