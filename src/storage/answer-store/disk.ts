import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CompletionEvent } from '../../apis/completion.ts';
import { exactJson } from '../../text/exact-json.ts';
import { makePrivateFolder } from '../files/private-mode.ts';

interface Kept {
  at: number;
  events: readonly CompletionEvent[];
}

/** Format version, written into each file. A file of another version is not read. */
const VERSION = 1;
const MOST_BYTES = 1024 * 1024 * 1024;
const LARGEST_FILE = 64 * 1024 * 1024;

/**
 * Stores answers in a folder, one private file each. They outlive the process, and all processes that use the folder share them. Opening the
 * folder deletes answers older than `keptMs`, and the oldest ones beyond 1 GB.
 */
export async function diskAnswers(
  folder: string,
  keptMs: number,
  now: () => number,
): Promise<{ get: (key: string) => Promise<Kept | undefined>; set: (key: string, answer: Kept) => Promise<void> }> {
  makePrivateFolder(folder);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await removeOld(folder, now() - keptMs);
  return {
    async get(key) {
      const answer = await read(join(folder, `${key}.json`)).catch(() => undefined);
      return answer !== undefined && answer.at <= now() && answer.at > now() - keptMs ? answer : undefined;
    },
    async set(key, answer) {
      const beside = join(folder, `${key}.${randomUUID()}.tmp`);
      try {
        await writeFile(beside, exactJson({ version: VERSION, ...answer }), { mode: 0o600, flag: 'wx' });
        await rename(beside, join(folder, `${key}.json`));
      } catch {
        // If the disk is full, the answer is requested again next time.
        await rm(beside, { force: true }).catch(() => undefined);
      }
    },
  };
}

/** Returns undefined for a file that orx did not write, or that a newer orx wrote. */
async function read(path: string): Promise<Kept | undefined> {
  if ((await stat(path)).size > LARGEST_FILE) return undefined;
  const { version, at, events } = JSON.parse(await readFile(path, 'utf8')) as Partial<Kept> & { version?: unknown };
  return version === VERSION && typeof at === 'number' && Array.isArray(events) ? { at, events } : undefined;
}

async function removeOld(folder: string, before: number): Promise<void> {
  const files = await Promise.all(
    (await readdir(folder)).map(async (name) => {
      const path = join(folder, name);
      const facts = await stat(path).catch(() => undefined);
      return { path, at: facts?.mtimeMs ?? 0, bytes: facts?.size ?? 0 };
    }),
  );
  let bytes = 0;
  for (const file of files.toSorted((one, other) => other.at - one.at)) {
    bytes += file.bytes;
    if (file.at <= before || bytes > MOST_BYTES) await rm(file.path, { force: true }).catch(() => undefined);
  }
}
