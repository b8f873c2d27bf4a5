import { closeSync, fstatSync, openSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { withoutMark } from '../text/utf8.ts';
import { withFileLockSync } from './files/file-lock.ts';
import { writePrivateLines } from './files/private-lines.ts';
import { keepFilePrivate, makePrivateFolder } from './files/private-mode.ts';

/** The prompts that were typed in sessions, in a file that only this user can read: one JSON text per line. */
export interface PromptFile {
  /** Returns the newest prompts, oldest first. Skips lines that cannot be read. */
  read: () => string[];
  /** Adds a prompt. Never throws: a prompt that cannot be stored is sent anyway. */
  add: (text: string) => void;
}

const NAME = 'prompts.jsonl';
/** A longer prompt is a pasted file, which nobody searches for. */
const LONGEST = 32 * 1024;
const LARGEST_FILE = 2 * 1024 * 1024;
/** Longest wait in milliseconds before a typed prompt is sent. */
const LOCK = { staleMs: 2_000, patienceMs: 4_000 };

/** Opens the file. Other processes may add to it at the same time. */
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
        locked(path, () => writePrivateLines(path, 'a', [JSON.stringify(text)]));
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

/** Includes prompts that other processes have added since it was read: the lock makes them wait. */
function rewrite(path: string, most: number): void {
  const next = `${path}.next`;
  try {
    writePrivateLines(
      next,
      'w',
      readAll(path)
        .lines.slice(-most)
        .map((line) => JSON.stringify(line)),
    );
    renameSync(next, path);
  } finally {
    rmSync(next, { force: true });
  }
}

/** Runs `work` in one process at a time: a line that is added while another process replaces the file would be lost. */
function locked(path: string, work: () => void): void {
  withFileLockSync(`${path}.lock`, work, LOCK);
}

function attempt(work: () => void): void {
  try {
    work();
  } catch {
    // A full disk, or a folder that belongs to another user.
  }
}
