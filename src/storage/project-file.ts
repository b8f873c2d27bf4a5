import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { OrxError } from '../errors.ts';
import { bytesText } from '../text/bytes.ts';
import { utf8Text } from '../text/utf8.ts';
import { readFailure } from '../text/file-failure.ts';

/** The name of a project file. */
const NAME = '.orx.json';
const LARGEST = 64 * 1024;

/** A project file as it was found: its text, or why it is not read. */
export type FoundProjectFile = { path: string } & ({ text: string } | { why: string });

interface SearchLimits {
  /** The user's home folder: no folder above it is searched. */
  home: string | undefined;
  /** The users whose files are read; undefined where files have no owner. */
  owners: readonly number[] | undefined;
}

/**
 * Returns the nearest project file, in a folder or above it, up to the home folder, and not beyond the file system of the folder. Reads only an
 * ordinary file of at most 64 KB that belongs to the user, and follows no link: the folder may come from anybody.
 */
export function findProjectFile(from: string, { home, owners }: SearchLimits): FoundProjectFile | undefined {
  const start = identify(from);
  const last = home === undefined ? undefined : identify(home);
  for (let folder = from, at = start; at !== undefined && at.dev === start?.dev; at = identify(folder)) {
    const path = join(folder, NAME);
    if (exists(path)) return readProjectFile(path, owners);
    if ((at.dev === last?.dev && at.ino === last.ino) || dirname(folder) === folder) return undefined;
    folder = dirname(folder);
  }
  return undefined;
}

function readProjectFile(path: string, owners: SearchLimits['owners']): FoundProjectFile {
  let file: number | undefined;
  try {
    // Without O_NONBLOCK, a pipe without a writer would block.
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stat = fstatSync(file);
    if (!stat.isFile()) return { path, why: 'it is not a file' };
    if (owners !== undefined && !owners.includes(stat.uid)) return { path, why: 'it belongs to another user' };
    if (stat.size > LARGEST) return { path, why: `it is larger than ${bytesText(LARGEST)}` };
    return { path, text: utf8Text({ name: NAME }, readBytes(file)) };
  } catch (error) {
    if (error instanceof OrxError) return { path, why: 'it is not UTF-8 text' };
    const { code } = error as NodeJS.ErrnoException;
    return { path, why: code === 'ELOOP' ? 'it is a symbolic link' : `it cannot be read (${readFailure(error)})` };
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** The file may grow while it is read. */
function readBytes(file: number): Buffer {
  const bytes = Buffer.alloc(LARGEST);
  let length = 0;
  for (;;) {
    const count = readSync(file, bytes, length, LARGEST - length, null);
    if (count === 0) return bytes.subarray(0, length);
    length += count;
  }
}

function exists(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}

/** A folder may have several paths. */
function identify(folder: string): { dev: number; ino: number } | undefined {
  try {
    return statSync(folder);
  } catch {
    return undefined;
  }
}
