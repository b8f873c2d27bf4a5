import { unlinkSync } from 'node:fs';

/** Removes a file if it exists. Node's `rmSync` loads code for folders first, which takes half a millisecond. */
export function removeFile(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
