import { readdirSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
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
export function listFolder(folder: string, home: string): readonly FolderEntry[] {
  try {
    const entries = readdirSync(folder === '' ? '.' : fromHome(folder, home), { withFileTypes: true });
    const named = entries.map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }));
    return named.toSorted((a, b) => (a.name < b.name ? -1 : 1)).slice(0, MOST_NAMES);
  } catch {
    return [];
  }
}

function fromHome(path: string, home: string): string {
  return /^~[/\\]/.test(path) ? join(home, path.slice(2)) : path;
}
