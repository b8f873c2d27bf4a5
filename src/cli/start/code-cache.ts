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
        const bytes = readPrivate(pathOf(pack), uid);
        const header = bytes && headerOf(bytes);
        if (bytes === undefined || header === undefined || header.key !== keyOf(file)) return undefined;
        entry.known = header;
        const code = header.rejections < MOST_REJECTIONS ? codeOf(bytes) : undefined;
        entry.isRead = code !== undefined;
        return code;
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

function readPrivate(path: string, uid: number | undefined): Buffer | undefined {
  const file = openSync(path, 'r');
  try {
    const facts = fstatSync(file);
    if (!facts.isFile() || !isPrivate(facts, uid)) return undefined;
    const bytes = Buffer.allocUnsafeSlow(facts.size);
    let read = 0;
    while (read < bytes.length) {
      const count = readSync(file, bytes, read, bytes.length - read, read);
      if (count === 0) return undefined;
      read += count;
    }
    return bytes;
  } finally {
    closeSync(file);
  }
}

function headerOf(bytes: Buffer): Header | undefined {
  if (bytes.length < FIXED_BYTES || bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) return undefined;
  const headerLength = bytes.readUInt32LE(MAGIC.length);
  const codeLength = bytes.readUInt32LE(MAGIC.length + 4);
  if (codeLength === 0 || bytes.length !== FIXED_BYTES + headerLength + 2 * codeLength) return undefined;
  const header = JSON.parse(bytes.toString('utf8', FIXED_BYTES, FIXED_BYTES + headerLength)) as Partial<Header> | null;
  const { key, profiles, rejections } = header ?? {};
  return typeof key === 'string' && Array.isArray(profiles) && typeof rejections === 'number'
    ? { key, profiles, rejections }
    : undefined;
}

/** Returns the code of a file whose lengths were checked, or undefined if its copies differ. */
function codeOf(bytes: Buffer): Buffer | undefined {
  const start = FIXED_BYTES + bytes.readUInt32LE(MAGIC.length);
  const length = bytes.readUInt32LE(MAGIC.length + 4);
  const code = bytes.subarray(start, start + length);
  return code.equals(bytes.subarray(start + length)) ? code : undefined;
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
