import { readFileSync } from 'node:fs';

/** The committed pages of a write-ahead log. */
export interface Wal {
  /** The content of each page, by number. */
  pages: ReadonlyMap<number, WalPage>;
  /** Number of pages in the database after the last commit; undefined without one. */
  pageCount: number | undefined;
  /** A problem, after which SQLite would ignore the rest of the log. */
  problem: string | undefined;
}

export interface WalPage {
  bytes: Buffer;
  /** Its checksum is correct. A page with a wrong checksum may still be mostly readable. */
  isSound: boolean;
}

type Checksum = readonly [number, number];

interface Frame extends WalPage {
  index: number;
  page: number;
  /** If not 0, this is the last frame of a transaction, and the number of pages in the database after it. */
  commit: number;
}

const HEADER = 32;
const FRAME_HEADER = 24;
const MAGIC = 0x377f0682;
const DEFAULT_PAGE_SIZE = 4096;

/** Reads a log, including frames after a damaged one: each frame contains the checksum with which the next one starts. */
export function readWal(path: string): Wal {
  const bytes = readOrEmpty(path);
  if (bytes.length < HEADER + FRAME_HEADER) return { pages: new Map(), pageCount: undefined, problem: undefined };
  const header = readHeader(bytes);
  const { frames, firstBad, isReused } = readFrames(bytes, header);
  const pages = new Map<number, WalPage>();
  let pageCount: number | undefined;
  let pending: Frame[] = [];
  for (const frame of frames) {
    pending.push(frame);
    if (frame.commit === 0) continue;
    for (const { page, bytes: content, isSound } of pending) pages.set(page, { bytes: content, isSound });
    pageCount = frame.commit;
    pending = [];
  }
  const lastSound = frames.findLast(({ isSound }) => isSound)?.index ?? -1;
  // A killed process may have written only part of its last frame over older content. That is not damage.
  const isTorn = firstBad !== undefined && firstBad > lastSound && isReused;
  const problem = header.isSound
    ? firstBad === undefined || isTorn
      ? undefined
      : `frame ${firstBad + 1} of the write-ahead log has a wrong checksum`
    : 'the header of the write-ahead log is damaged';
  return { pages, pageCount, problem };
}

interface Header {
  isSound: boolean;
  pageSize: number;
  isLittleEndian: boolean;
  salt: bigint;
  checksum: Checksum;
}

function readHeader(bytes: Buffer): Header {
  const isLittleEndian = bytes.readUInt32BE(0) !== MAGIC + 1;
  const size = bytes.readUInt32BE(8);
  const pageSize = size >= 512 && size <= 65_536 && (size & (size - 1)) === 0 ? size : DEFAULT_PAGE_SIZE;
  const checksum: Checksum = [bytes.readUInt32BE(24), bytes.readUInt32BE(28)];
  const computed = addToChecksum([0, 0], bytes.subarray(0, 24), isLittleEndian);
  const isSound = bytes.readUInt32BE(0) - MAGIC <= 1 && bytes.readUInt32BE(0) >= MAGIC && isSame(computed, checksum);
  // Every frame repeats the salt.
  return { isSound, pageSize, isLittleEndian, checksum, salt: bytes.readBigUInt64BE(isSound ? 16 : HEADER + 8) };
}

function readFrames(
  bytes: Buffer,
  { pageSize, isLittleEndian, salt, checksum }: Header,
): { frames: Frame[]; firstBad: number | undefined; isReused: boolean } {
  const frames: Frame[] = [];
  const length = FRAME_HEADER + pageSize;
  const count = Math.floor((bytes.length - HEADER) / length);
  let firstBad: number | undefined;
  let seeds: Checksum[] = [checksum];
  let isReused = false;
  for (let index = 0; index < count; index += 1) {
    const at = HEADER + index * length;
    const frame = bytes.subarray(at, at + length);
    const stored: Checksum = [frame.readUInt32BE(16), frame.readUInt32BE(20)];
    const sums = seeds.map((seed) =>
      addToChecksum(addToChecksum(seed, frame.subarray(0, 8), isLittleEndian), frame.subarray(FRAME_HEADER), isLittleEndian),
    );
    const isSound = frame.readBigUInt64BE(8) === salt && sums.some((sum) => isSame(sum, stored));
    const page = frame.readUInt32BE(0);
    const commit = frame.readUInt32BE(4);
    if (!isSound) {
      if (isOfOlderLog(frame, salt)) {
        isReused = true;
        break;
      }
      firstBad ??= index;
    }
    if (page > 0 && page <= 0xff_ff_ff) frames.push({ index, page, commit, bytes: frame.subarray(FRAME_HEADER), isSound });
    // If a stored checksum is damaged, the computed one continues the chain.
    seeds = isSound ? [stored] : [stored, ...sums.slice(0, 1)];
  }
  // A wrong frame without a correct one after it is not used: neither its page nor its commit can be trusted.
  const lastSound = frames.findLastIndex((frame) => frame.isSound);
  return { frames: frames.slice(0, isReused ? lastSound + 1 : frames.length), firstBad, isReused };
}

/**
 * Returns whether a frame is left from before the log was restarted: each restart changes both halves of the salt. Damage rarely changes both.
 */
function isOfOlderLog(frame: Buffer, salt: bigint): boolean {
  return frame.readUInt32BE(8) !== Number(salt >> 32n) && frame.readUInt32BE(12) !== Number(salt & 0xff_ff_ff_ffn);
}

/** SQLite's checksum: two sums over pairs of 32-bit words. The length of `bytes` must be a multiple of 8. */
function addToChecksum([first, second]: Checksum, bytes: Buffer, isLittleEndian: boolean): Checksum {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let one = first;
  let other = second;
  for (let at = 0; at < bytes.length; at += 8) {
    one = (one + view.getUint32(at, isLittleEndian) + other) >>> 0;
    other = (other + view.getUint32(at + 4, isLittleEndian) + one) >>> 0;
  }
  return [one, other];
}

function isSame([a, b]: Checksum, [c, d]: Checksum): boolean {
  return a === c && b === d;
}

function readOrEmpty(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0);
  }
}
