import { accessSync, chmodSync, constants, fchmodSync, fstatSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

const OTHERS = 0o077;
const STICKY = 0o1000;

/** Removes all permissions of group and others from an open file. Ignores errors. */
export function keepFilePrivate(descriptor: number): void {
  try {
    const { mode } = fstatSync(descriptor);
    if ((mode & OTHERS) !== 0) fchmodSync(descriptor, mode & 0o7777 & ~OTHERS);
  } catch {
    // Another user's file, or a file system without modes: reading it is still allowed.
  }
}

/**
 * Removes all permissions of group and others from a file that SQLite may have open in this process. It does not open the file, because closing
 * any descriptor of a file releases all locks of the process on it (POSIX), including SQLite's. Throws the system's error for a file that is
 * missing or cannot be read.
 */
export function keepDatabasePrivate(path: string): void {
  accessSync(path, constants.R_OK);
  try {
    const { mode } = statSync(path);
    if ((mode & OTHERS) !== 0) chmodSync(path, mode & 0o7777 & ~OTHERS);
  } catch {
    // As in keepFilePrivate.
  }
}

/**
 * Removes all permissions of group and others from one of orx's own folders. A folder that is shared on purpose (sticky, like /tmp) stays
 * shared: the file in it is private itself.
 */
export function keepFolderPrivate(folder: string): void {
  try {
    const { mode } = statSync(folder);
    if ((mode & OTHERS) !== 0 && (mode & STICKY) === 0) chmodSync(folder, mode & 0o7777 & ~OTHERS);
  } catch {
    // As in keepFilePrivate.
  }
}

/**
 * Creates a folder, and missing ones above it, for this user only; existing ones stay unchanged. It creates one level at a time: Node's
 * recursive mkdir never ends if an existing folder reports a new one in it as not found, as /proc does. Throws the system's error.
 */
export function makePrivateFolder(folder: string): void {
  if (isFolder(folder)) return;
  const above = dirname(folder);
  if (above !== folder) makePrivateFolder(above);
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Another process may have created it meanwhile.
    if (!isFolder(folder)) throw error;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
