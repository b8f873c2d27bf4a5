import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const MOST_NAMES = 1000;

/** See SessionServices.listFolder. */
export function listFolder(folder: string): readonly string[] {
  try {
    const real = /^~[/\\]/.test(folder) ? join(homedir(), folder.slice(2)) : folder;
    const entries = readdirSync(real === '' ? '.' : real, { withFileTypes: true });
    const names = entries.map((entry) => `${folder}${entry.name}${entry.isDirectory() ? '/' : ''}`);
    return names.toSorted((a, b) => (a < b ? -1 : 1)).slice(0, MOST_NAMES);
  } catch {
    return [];
  }
}
