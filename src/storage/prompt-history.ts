import { closeSync, fstatSync, openSync, readFileSync, readSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withoutMark } from '../text/utf8.ts';
import { withFileLockSync } from './files/file-lock.ts';
import { keepFilePrivate, makePrivateFolder } from './files/private-mode.ts';

/** What was typed into conversations, in a file of this user alone: a line each, as JSON text. */
export interface PromptFile {
  /** The newest ones, oldest first. What cannot be read is left out. */
  read: () => string[];
  /** Adds one. Never throws: a prompt that cannot be stored is sent all the same. */
  add: (text: string) => void;
}

const NAME = 'prompts.jsonl';
/** Longer ones are pasted files, which nobody searches. */
const LONGEST = 32 * 1024;
const LARGEST_FILE = 2 * 1024 * 1024;
/** Nobody who has typed a prompt waits for longer until it is sent. */
const LOCK = { staleMs: 2_000, patienceMs: 4_000 };

/** Other processes may add to the same file meanwhile. */
export function openPromptFile(folder: string, most: number): PromptFile {
  const path = join(folder, NAME);
  return {
    read() {
      const { lines, bytes } = readAll(path);
      if (lines.length > 2 * most || bytes > LARGEST_FILE) attempt(() => locked(path, () => rewrite(path, most)));
      return lines.slice(-most);
    },
    add(text) {
      if (text.length > LONGEST) return;
      attempt(() => {
        makePrivateFolder(folder);
        locked(path, () => append(path, 'a', [text]));
      });
    },
  };
}

function readAll(path: string): { lines: string[]; bytes: number } {
  try {
    const descriptor = openSync(path, 'r');
    try {
      keepFilePrivate(descriptor);
      const lines = withoutMark(readFileSync(descriptor, 'utf8')).split('\n').map(promptOf);
      return { lines: lines.filter((line) => line !== undefined), bytes: fstatSync(descriptor).size };
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return { lines: [], bytes: 0 };
  }
}

function promptOf(line: string): string | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

/** What others added since it was read is there, too: they wait. */
function rewrite(path: string, most: number): void {
  const next = `${path}.next`;
  try {
    append(next, 'w', readAll(path).lines.slice(-most));
    renameSync(next, path);
  } finally {
    rmSync(next, { force: true });
  }
}

/** One process at a time: a line that is added to a file which another is replacing would be lost. */
function locked(path: string, work: () => void): void {
  withFileLockSync(`${path}.lock`, work, LOCK);
}

function append(path: string, flags: 'a' | 'w', lines: readonly string[]): void {
  const descriptor = openSync(path, flags, 0o600);
  try {
    keepFilePrivate(descriptor);
    // A line that was cut by a full disk or a kill must not take the next one with it.
    const start = flags === 'a' && isTorn(path) ? '\n' : '';
    // Whole or an error: a part of it would take the place of the file.
    writeFileSync(descriptor, start + lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  } finally {
    closeSync(descriptor);
  }
}

function isTorn(path: string): boolean {
  const descriptor = openSync(path, 'r');
  try {
    const { size } = fstatSync(descriptor);
    const last = Buffer.alloc(1);
    return size > 0 && readSync(descriptor, last, 0, 1, size - 1) === 1 && last.toString() !== '\n';
  } finally {
    closeSync(descriptor);
  }
}

function attempt(work: () => void): void {
  try {
    work();
  } catch {
    // A full disk, a folder of somebody else's.
  }
}
