import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FoundPath } from '../commands/talk-desk.ts';
import { mediaType } from '../core/prompt-parts/media-type.ts';
import type { FolderEntry } from '../core/talk/path-candidates.ts';

/** What a first look tells of a medium. */
const HEAD_BYTES = 64;
const MOST_NAMES = 1000;
const PATTERN = /[*?[\]{}]/;

/** See TalkDesk.findPath. */
export async function findPath(path: string, home: string): Promise<FoundPath | undefined> {
  const real = fromHome(path, home);
  const found = await stat(real).catch(() => undefined);
  if (found === undefined) return PATTERN.test(real) ? { path: real, kind: 'text', size: undefined } : undefined;
  if (found.isDirectory()) return { path: real, kind: 'text', size: undefined };
  if (!found.isFile()) return undefined;
  const file = await open(real).catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    const isMedium = mediaType(buffer.subarray(0, bytesRead)) !== undefined;
    return { path: real, kind: isMedium ? 'medium' : 'text', size: found.size };
  } finally {
    await file.close();
  }
}

/** See TalkDesk.listFolder. */
export async function listFolder(folder: string, home: string): Promise<readonly FolderEntry[]> {
  const entries = await readdir(folder === '' ? '.' : fromHome(folder, home), { withFileTypes: true }).catch(() => []);
  const named = entries.map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }));
  return named.toSorted((a, b) => (a.name < b.name ? -1 : 1)).slice(0, MOST_NAMES);
}

function fromHome(path: string, home: string): string {
  return /^~[/\\]/.test(path) ? join(home, path.slice(2)) : path;
}
