import { chmodSync, fchmodSync, fstatSync, mkdirSync, statSync } from 'node:fs';

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
 * Takes a folder away from group and others. A folder that is shared on purpose (sticky, as /tmp is) stays shared: the file in
 * it is private on its own.
 */
export function keepFolderPrivate(folder: string): void {
  try {
    const { mode } = statSync(folder);
    if ((mode & OTHERS) !== 0 && (mode & STICKY) === 0) chmodSync(folder, mode & 0o7777 & ~OTHERS);
  } catch {
    // As above.
  }
}

/** Makes a folder, and those above it that are missing, for this user alone; an existing one is taken away from others. */
export function makePrivateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  keepFolderPrivate(folder);
}
