import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Returns the project folder of `folder` (absolute): the nearest one, itself or above it, that contains a repository, otherwise itself. */
export function projectFolder(folder: string): string {
  for (let current = folder; ; current = dirname(current)) {
    if (existsSync(join(current, '.git'))) return current;
    if (dirname(current) === current) return folder;
  }
}
