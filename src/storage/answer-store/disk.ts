import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CompletionEvent } from '../../apis/completion.ts';
import { OrxError } from '../../errors.ts';
import { exactJson } from '../../text/exact-json.ts';
import { makePrivateFolder } from '../files/private-mode.ts';
import { writeFailure } from '../../text/file-failure.ts';

interface Kept {
  at: number;
  events: readonly CompletionEvent[];
}

/** Format version, written into each file. A file of another version is not read. */
const VERSION = 1;
const MOST_BYTES = 1024 * 1024 * 1024;
/** The share of the space that is freed when it is used up, so that the folder is not read for each answer. */
const FREED = 1 / 16;
const LARGEST_FILE = 64 * 1024 * 1024;

interface DiskOptions {
  /** Called for each answer that cannot be stored. */
  onFailure?: ((error: Error) => void) | undefined;
  /** Default: 1 GB. */
  mostBytes?: number | undefined;
}

/**
 * Stores answers in a folder, one private file each. They outlive the process, and all processes that use the folder share them. Answers older
 * than `keptMs`, and the oldest ones beyond `mostBytes`, are deleted when the folder is opened, and again after enough was written. Throws kind
 * `usage` if the folder cannot be used.
 */
export async function diskAnswers(
  folder: string,
  keptMs: number,
  now: () => number,
  { onFailure, mostBytes = MOST_BYTES }: DiskOptions = {},
): Promise<{ get: (key: string) => Promise<Kept | undefined>; set: (key: string, answer: Kept) => Promise<void> }> {
  const clean = (): Promise<void> => removeOld(folder, now() - keptMs, mostBytes * (1 - FREED));
  try {
    await makeFolder(folder);
    await clean();
  } catch (error) {
    throw unusable(folder, error);
  }
  let written = 0;
  return {
    async get(key) {
      const answer = await read(join(folder, `${key}.json`)).catch(() => undefined);
      return answer !== undefined && answer.at <= now() && answer.at > now() - keptMs ? answer : undefined;
    },
    async set(key, answer) {
      const text = exactJson({ version: VERSION, ...answer });
      try {
        await writeBeside(join(folder, key), text).catch(async (error: NodeJS.ErrnoException) => {
          if (error.code !== 'ENOENT') throw error;
          // Someone has deleted the folder.
          await makeFolder(folder);
          await writeBeside(join(folder, key), text);
        });
        written += Buffer.byteLength(text);
        if (written < mostBytes * FREED) return;
        written = 0;
        await clean();
      } catch (error) {
        // If the disk is full, the answer is requested again next time.
        onFailure?.(unusable(folder, error));
      }
    },
  };
}

function unusable(folder: string, error: unknown): OrxError {
  return new OrxError(`cannot store answers in ${folder} (${writeFailure(error)})`, {
    kind: 'usage',
    code: 'cache-unusable',
    cause: error,
    hints: ['make the folder writable, or cache in memory: orx serve --cache memory'],
  });
}

async function makeFolder(folder: string): Promise<void> {
  makePrivateFolder(folder);
  await mkdir(folder, { recursive: true, mode: 0o700 });
}

async function writeBeside(path: string, text: string): Promise<void> {
  const beside = `${path}.${randomUUID()}.tmp`;
  try {
    await writeFile(beside, text, { mode: 0o600, flag: 'wx' });
    await rename(beside, `${path}.json`);
  } catch (error) {
    await rm(beside, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** Returns undefined for a file that orx did not write, or that a newer orx wrote. */
async function read(path: string): Promise<Kept | undefined> {
  if ((await stat(path)).size > LARGEST_FILE) return undefined;
  const { version, at, events } = JSON.parse(await readFile(path, 'utf8')) as Partial<Kept> & { version?: unknown };
  return version === VERSION && typeof at === 'number' && isWhole(events) ? { at, events } : undefined;
}

/** Returns whether these are the events of a complete answer. */
function isWhole(events: unknown): events is readonly CompletionEvent[] {
  if (!Array.isArray(events)) return false;
  const types = events.map((event: unknown) => (event as { type?: unknown } | null)?.type);
  return types.every((type) => typeof type === 'string') && types.includes('response-end');
}

async function removeOld(folder: string, before: number, mostBytes: number): Promise<void> {
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
    if (file.at <= before || bytes > mostBytes) await rm(file.path, { force: true }).catch(() => undefined);
  }
}
