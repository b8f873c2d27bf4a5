import {
  closeSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { withFileLock } from '../files/file-lock.ts';
import { removeFile } from '../files/remove-file.ts';
import { type LimitState, readLimitState } from './limit-state.ts';

/** Returns the state that follows; undefined if nothing is left to store. */
export type LimitWork = (stored: LimitState | undefined) => LimitState | undefined;

/** A file lock is held for less than a millisecond. */
const LOCK = { staleMs: 1000, patienceMs: 2000 };
const LARGEST_BYTES = 256 * 1024;
/** How often to read a file that another process may be writing. */
const READS = 3;

/**
 * The file with the limits of one key and model. It is changed in place, because ext4 writes the new file to the disk before it renames it over
 * another one, which took up to 9 ms before a request. Every method throws what the file system throws.
 */
export class LimitFile {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** Returns whether something was learned. It may be over. */
  exists(): boolean {
    return statSync(this.#path, { throwIfNoEntry: false }) !== undefined;
  }

  /** Reads, changes and writes the state while no other process does. */
  async change(work: LimitWork): Promise<LimitState | undefined> {
    return withFileLock(`${this.#path}.lock`, () => changeUnderLock(this.#path, work), LOCK);
  }

  /** Returns the stored state without a lock; undefined for a missing or damaged file. */
  look(): LimitState | undefined {
    for (let reads = 0; reads < READS; reads += 1) {
      const { size = 0 } = statSync(this.#path, { throwIfNoEntry: false }) ?? {};
      if (size === 0 || size > LARGEST_BYTES) return undefined;
      const state = stateIn(readFileSync(this.#path, 'utf8'));
      if (state !== undefined) return state;
    }
    return undefined;
  }
}

function changeUnderLock(path: string, work: LimitWork): LimitState | undefined {
  const descriptor = openExisting(path);
  if (descriptor === undefined) {
    const next = work(undefined);
    if (next !== undefined) writeFileSync(path, JSON.stringify(next), { mode: 0o600 });
    return next;
  }
  let next: LimitState | undefined;
  try {
    let { size } = fstatSync(descriptor);
    if (size > LARGEST_BYTES) {
      ftruncateSync(descriptor);
      size = 0;
    }
    const stored = stateIn(readAll(descriptor, size));
    next = work(stored);
    // Shorter JSON is followed by spaces: a file without its end for a moment would be damaged for a reader without a lock.
    if (next !== undefined && next !== stored) writeSync(descriptor, JSON.stringify(next).padEnd(size), 0);
  } finally {
    closeSync(descriptor);
  }
  if (next === undefined) removeFile(path);
  return next;
}

function openExisting(path: string): number | undefined {
  try {
    return openSync(path, 'r+');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function readAll(descriptor: number, size: number): string {
  const bytes = Buffer.allocUnsafe(size);
  return bytes.toString('utf8', 0, readSync(descriptor, bytes, 0, size, 0));
}

/** Returns undefined for a damaged text. */
function stateIn(text: string): LimitState | undefined {
  try {
    return readLimitState(JSON.parse(text));
  } catch {
    return undefined;
  }
}
