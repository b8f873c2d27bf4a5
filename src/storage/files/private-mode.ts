import { accessSync, chmodSync, constants, fchmodSync, fstatSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

const OTHERS = 0o077;
const STICKY = 0o1000;

/** Takes an open file away from group and others where they may read or write it. What cannot be changed stays as it is. */
export function keepFilePrivate(descriptor: number): void {
  try {
    const { mode } = fstatSync(descriptor);
    if ((mode & OTHERS) !== 0) fchmodSync(descriptor, mode & 0o7777 & ~OTHERS);
  } catch {
    // Another user's file, or a file system without modes: reading it is still right.
  }
}

/**
 * The same for a file that SQLite may have open in this process: it is not opened here, because closing any descriptor of a file drops all locks
 * that the process holds on it (POSIX), those of SQLite as well. Throws what the system says for a file that is missing or cannot be read.
 */
export function keepDatabasePrivate(path: string): void {
  accessSync(path, constants.R_OK);
  try {
    const { mode } = statSync(path);
    if ((mode & OTHERS) !== 0) chmodSync(path, mode & 0o7777 & ~OTHERS);
  } catch {
    // As above.
  }
}

/**
 * Takes a folder of orx's own away from group and others. One that is shared on purpose (sticky, as /tmp is) stays shared: the
 * file in it is private on its own.
 */
export function keepFolderPrivate(folder: string): void {
  try {
    const { mode } = statSync(folder);
    if ((mode & OTHERS) !== 0 && (mode & STICKY) === 0) chmodSync(folder, mode & 0o7777 & ~OTHERS);
  } catch {
    // As above.
  }
}

/**
 * Makes a folder, and those above it that are missing, for this user alone; what is there stays as it is. Level by level: node's
 * own recursive way tries for ever where a folder that is there says of a new one in it that it is not found, as /proc does.
 * Throws what the system says.
 */
export function makePrivateFolder(folder: string): void {
  if (isFolder(folder)) return;
  const above = dirname(folder);
  if (above !== folder) makePrivateFolder(above);
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!isFolder(folder)) throw error;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
