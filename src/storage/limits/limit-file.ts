import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { withFileLock } from '../files/file-lock.ts';
import { removeFile } from '../files/remove-file.ts';
import { type LimitState, readLimitState } from './limit-state.ts';

/** Returns the state that follows; undefined if nothing is left to store. */
export type LimitWork = (stored: LimitState | undefined) => LimitState | undefined;

/** A file lock is held for less than a millisecond. */
const LOCK = { staleMs: 1000, patienceMs: 2000 };
const LARGEST_BYTES = 256 * 1024;

/** The file with the limits of one key and model. Every method throws what the file system throws. */
export class LimitFile {
  readonly #path: string;
  #version: string | undefined;
  #seen: LimitState | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** Reads, changes and writes the state while no other process does. */
  async change(work: LimitWork): Promise<LimitState | undefined> {
    return withFileLock(
      `${this.#path}.lock`,
      () => {
        const stored = read(this.#path);
        const next = work(stored);
        write(this.#path, stored, next);
        this.#version = versionOf(this.#path);
        return (this.#seen = next);
      },
      LOCK,
    );
  }

  /** Returns the stored state without a lock: writers replace the whole file. Reads it only if it has changed. */
  look(): LimitState | undefined {
    const version = versionOf(this.#path);
    if (version === this.#version) return this.#seen;
    this.#version = version;
    return (this.#seen = version === undefined ? undefined : read(this.#path));
  }
}

/** Returns what differs after each write; undefined for a file that does not exist. */
function versionOf(path: string): string | undefined {
  const { ino, mtimeMs, size } = statSync(path, { throwIfNoEntry: false }) ?? {};
  return ino === undefined ? undefined : `${ino} ${mtimeMs} ${size}`;
}

/** Returns undefined for a missing or damaged file. */
function read(path: string): LimitState | undefined {
  const { size = 0 } = statSync(path, { throwIfNoEntry: false }) ?? {};
  if (size === 0 || size > LARGEST_BYTES) return undefined;
  try {
    return readLimitState(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
}

function write(path: string, stored: LimitState | undefined, next: LimitState | undefined): void {
  if (next === undefined) return removeFile(path);
  if (next === stored) return;
  const beside = `${path}.tmp`;
  // Under the lock there is only one writer.
  writeFileSync(beside, JSON.stringify(next), { mode: 0o600 });
  renameSync(beside, path);
}
