import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Script } from 'node:vm';
import { shortHash } from '../../text/short-hash.ts';

/** Keeps the compiled code of packs between runs. Only speed depends on it: every failure is ignored. */
export interface CodeCache {
  /** Returns the compiled code of a pack, or undefined. `file` is its file, whose name has a hash of its contents. */
  read: (pack: string, file: string) => Buffer | undefined;
  /** Call this with the script of each pack, after `read`. */
  add: (pack: string, script: Script) => void;
  /** Writes the compiled code of the packs for which this kind of command has not done so. Call this after all output. */
  write: () => void;
}

export interface CodeCacheOptions {
  folder: string;
  /** Node's version, the platform and V8's flags: what V8 compiles for. */
  target: string;
  /** Each command has files of its own, so that it reads only what it runs. */
  command: string;
  /** What decides which of its functions the command runs, such as its flags. */
  profile: string;
  /** The user's id, if the platform has one. */
  uid: number | undefined;
}

/** What a file says of itself. */
interface Header {
  /** The pack, the command and the target. */
  key: string;
  /** The profiles whose functions are in it. */
  profiles: readonly string[];
  /** How often V8 rejected what an earlier run had written. */
  rejections: number;
}

interface Entry {
  file: string;
  script: Script | undefined;
  known: Header | undefined;
  isRead: boolean;
}

const MAGIC = 'orx-code';
const FIXED_BYTES = MAGIC.length + 8;
/** Of the second copy of the code, compared at once. */
const PIECE_BYTES = 128 * 1024;
const MOST_PROFILES = 8;
const MOST_REJECTIONS = 3;
const DAY_MS = 24 * 60 * 60 * 1000;
/** Files of other versions of Node and orx, and of processes that were killed. */
const OLD_MS = 30 * DAY_MS;
/** Of all files. A command takes 2 to 6 MB. */
const MOST_BYTES = 80_000_000;

/**
 * Opens the cache in a folder. V8 checks neither the contents nor the source of compiled code: a damaged byte crashes the process,
 * and code of another source of the same length runs. So a file is used only if it belongs to the user, nobody else can write to
 * it, it names this pack, command, Node and flags, has the length that it states, and has the code twice, both times the same.
 *
 * File: magic, length of the header and of the code (32 bits each), header (JSON), code, code. Comparing two copies takes a tenth
 * of the time of loading a checksum.
 */
export function openCodeCache({ folder, target, command, profile, uid }: CodeCacheOptions): CodeCache {
  const entries = new Map<string, Entry>();
  const kind = shortHash(profile);
  const pathOf = (pack: string): string => join(folder, `${pack}-${shortHash(`${command} ${target}`)}.bin`);
  const keyOf = (file: string): string => `${file} ${command} ${target}`;
  let isOwn: boolean | undefined;
  const isFolderOwn = (): boolean => (isOwn ??= isPrivate(lstatSync(folder), uid) && lstatSync(folder).isDirectory());
  return {
    read(pack, file) {
      const entry: Entry = { file, script: undefined, known: undefined, isRead: false };
      entries.set(pack, entry);
      try {
        if (!isFolderOwn()) return undefined;
        const stored = readStored(pathOf(pack), uid);
        if (stored?.header.key !== keyOf(file)) return undefined;
        entry.known = stored.header;
        if (stored.code === undefined || stored.header.rejections >= MOST_REJECTIONS) return undefined;
        entry.isRead = true;
        return stored.code;
      } catch {
        return undefined;
      }
    },
    add(pack, script) {
      const entry = entries.get(pack);
      if (entry !== undefined) entry.script = script;
    },
    write() {
      for (const [pack, { file, script, known, isRead }] of entries) {
        if (script === undefined) continue;
        const isRejected = isRead && script.cachedDataRejected === true;
        const isUsed = isRead && !isRejected;
        if (isUsed && (known?.profiles.includes(kind) === true || (known?.profiles.length ?? 0) >= MOST_PROFILES)) continue;
        const rejections = (known?.rejections ?? 0) + (isRejected ? 1 : 0);
        if (!isUsed && !isRejected && rejections >= MOST_REJECTIONS) continue;
        const header: Header = {
          key: keyOf(file),
          profiles: [...(isUsed ? (known?.profiles ?? []) : []), kind],
          rejections,
        };
        try {
          makeFolder(folder, uid);
          writeWhole(pathOf(pack), fileOf(header, script.createCachedData()));
        } catch {
          return;
        }
      }
    },
  };
}

/** Returns whether a file or folder belongs to the user and nobody else has access. Windows keeps the folder private itself. */
function isPrivate({ uid: owner, mode }: { uid: number; mode: number }, uid: number | undefined): boolean {
  return uid === undefined || (owner === uid && (mode & 0o077) === 0);
}

/** Reads a private file. The code is undefined if its copies differ. */
function readStored(path: string, uid: number | undefined): { header: Header; code: Buffer | undefined } | undefined {
  const file = openSync(path, 'r');
  try {
    const facts = fstatSync(file);
    if (!facts.isFile() || !isPrivate(facts, uid)) return undefined;
    const fixed = Buffer.allocUnsafe(FIXED_BYTES);
    if (!readWhole(file, fixed, 0) || fixed.toString('latin1', 0, MAGIC.length) !== MAGIC) return undefined;
    const headerLength = fixed.readUInt32LE(MAGIC.length);
    const codeLength = fixed.readUInt32LE(MAGIC.length + 4);
    if (codeLength === 0 || facts.size !== FIXED_BYTES + headerLength + 2 * codeLength) return undefined;
    const bytes = Buffer.allocUnsafeSlow(headerLength + codeLength);
    if (!readWhole(file, bytes, FIXED_BYTES)) return undefined;
    const header = parseHeader(bytes.toString('utf8', 0, headerLength));
    if (header === undefined) return undefined;
    const code = bytes.subarray(headerLength);
    return { header, code: isNext(file, FIXED_BYTES + bytes.length, code) ? code : undefined };
  } finally {
    closeSync(file);
  }
}

function readWhole(file: number, bytes: Buffer, place: number): boolean {
  let read = 0;
  while (read < bytes.length) {
    const count = readSync(file, bytes, read, bytes.length - read, place + read);
    if (count === 0) return false;
    read += count;
  }
  return true;
}

/** Returns whether these bytes are at a place of the file. Compares pieces, because touching new memory takes longer than reading. */
function isNext(file: number, place: number, bytes: Buffer): boolean {
  const piece = Buffer.allocUnsafeSlow(Math.min(bytes.length, PIECE_BYTES));
  for (let at = 0; at < bytes.length; at += piece.length) {
    const rest = piece.subarray(0, bytes.length - at);
    if (!readWhole(file, rest, place + at) || bytes.compare(rest, 0, rest.length, at, at + rest.length) !== 0) return false;
  }
  return true;
}

function parseHeader(text: string): Header | undefined {
  const header = JSON.parse(text) as Partial<Header> | null;
  const { key, profiles, rejections } = header ?? {};
  return typeof key === 'string' && Array.isArray(profiles) && typeof rejections === 'number'
    ? { key, profiles, rejections }
    : undefined;
}

function fileOf(header: Header, code: Buffer): Buffer {
  const text = Buffer.from(JSON.stringify(header));
  const fixed = Buffer.alloc(FIXED_BYTES);
  fixed.write(MAGIC, 'latin1');
  fixed.writeUInt32LE(text.length, MAGIC.length);
  fixed.writeUInt32LE(code.length, MAGIC.length + 4);
  return Buffer.concat([fixed, text, code, code]);
}

/** Creates the folder. Throws if it exists and is not private. Removes old files, and the oldest ones if there are too many. */
function makeFolder(folder: string, uid: number | undefined): void {
  makeFolders(folder);
  const facts = lstatSync(folder);
  if (!facts.isDirectory() || !isPrivate(facts, uid)) throw new Error('the folder of compiled code is not private');
  const files = readdirSync(folder).map((name) => {
    const path = join(folder, name);
    const { mtimeMs, size } = statSync(path);
    return { path, mtimeMs, size };
  });
  let total = 0;
  for (const { path, mtimeMs, size } of files.toSorted((one, other) => other.mtimeMs - one.mtimeMs)) {
    total += size;
    const isOld = Date.now() - mtimeMs > (path.endsWith('.tmp') ? DAY_MS : OLD_MS);
    if (isOld || total > MOST_BYTES) rmSync(path, { force: true });
  }
}

/** Node's own recursive mkdir never returns where a folder exists but cannot get one inside, such as in /proc. */
function makeFolders(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || existsSync(dirname(folder))) throw error;
    makeFolders(dirname(folder));
    mkdirSync(folder, { mode: 0o700 });
  }
}

/** Writes a file that is complete whenever it can be read under its name. */
function writeWhole(path: string, bytes: Buffer): void {
  const temporary = `${path}.${process.pid}-${Date.now().toString(36)}.tmp`;
  try {
    const file = openSync(temporary, 'wx', 0o600);
    try {
      let written = 0;
      while (written < bytes.length) written += writeSync(file, bytes, written);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
