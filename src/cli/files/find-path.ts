import { open, realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { FoundPath } from '../../commands/context/session-services.ts';
import { mediaType } from '../../core/request/media-type.ts';
import { pathDoubts } from '../../core/session/path-doubts.ts';
import { usageError } from '../../errors.ts';
import { projectFolder } from '../../storage/project-folder.ts';

/** Bytes at the start of a file that identify its media type. */
const HEAD_BYTES = 64;
const PATTERN = /[*?[\]{}]/;
const MOST_MATCHES = 500;
/** Folders that a pattern does not match. */
const LEFT_OUT = ['**/.git/**', '**/node_modules/**'];

/** See SessionServices.findPath. */
export async function findPath(path: string): Promise<FoundPath | undefined> {
  const home = homedir();
  const named = fromHome(path, home);
  const hit = await stat(named).catch(() => undefined);
  if (hit === undefined || !(hit.isDirectory() || hit.isFile())) return undefined;
  // realpath of the operating system resolves `link/..` like opening a file does; Node's own removes `..` from the text first.
  const real = await realpath(named).catch(() => undefined);
  if (real === undefined) return undefined;
  const homes = [home, await realpath(home).catch(() => home)];
  const doubts = pathDoubts({ named: resolve(named), real, project: await realpath(projectFolder(process.cwd())), homes });
  const place = { path: named, real, doubts };
  if (hit.isDirectory()) return { ...place, kind: 'folder', size: undefined };
  const head = await readHead(named);
  if (head === undefined) return undefined;
  return { ...place, kind: mediaType(head) === undefined ? 'text' : 'medium', size: hit.size };
}

/** See SessionServices.findMatches. */
export async function findMatches(pattern: string, signal: AbortSignal): Promise<readonly FoundPath[]> {
  if (!PATTERN.test(pattern)) return [];
  const { glob } = await import('tinyglobby');
  const paths = await glob(fromHome(pattern, homedir()), {
    ignore: LEFT_OUT,
    onlyFiles: true,
    followSymbolicLinks: false,
    expandDirectories: false,
    signal,
  }).catch(() => []);
  if (signal.aborted) return [];
  if (paths.length > MOST_MATCHES)
    throw usageError(`${paths.length} files match ${pattern}; the maximum is ${MOST_MATCHES}`, 'use a narrower pattern');
  const matches = await Promise.all(paths.toSorted().map((path) => findPath(path)));
  return matches.filter((one) => one !== undefined);
}

async function readHead(path: string): Promise<Buffer | undefined> {
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } catch {
    return undefined;
  } finally {
    await file.close();
  }
}

/** Returns a path with the user's home in place of `~`. */
export function fromHome(path: string, home: string): string {
  // Commands interpret a single dash as standard input.
  if (path === '-') return './-';
  return /^~[/\\]/.test(path) ? join(home, path.slice(2)) : path;
}
