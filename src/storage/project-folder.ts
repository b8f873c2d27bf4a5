import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder that work in `folder` (absolute) belongs to: the nearest one, itself or above it, that holds a repository, else itself. */
export function projectFolder(folder: string): string {
  for (let current = folder; ; current = dirname(current)) {
    if (existsSync(join(current, '.git'))) return current;
    if (dirname(current) === current) return folder;
  }
}
