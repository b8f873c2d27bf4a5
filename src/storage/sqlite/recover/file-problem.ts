import { statSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { readWal } from './wal.ts';

/**
 * What is wrong with the files of a database that SQLite would not say; undefined when nothing is. SQLite takes an empty file for a new
 * database, and ignores the rest of a write-ahead log from the first damaged frame on. Throws for what is no file.
 */
export function fileProblem(path: string): string | undefined {
  const stat = statSync(path);
  if (!stat.isFile()) throw Object.assign(new Error('it is not a file'), { code: stat.isDirectory() ? 'EISDIR' : 'EINVAL' });
  if (stat.size === 0) return 'the file is empty';
  const log = statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  return log > 0 ? readWal(`${path}-wal`).problem : undefined;
}

/** The problem that `check` reports repeatedly: what another process is just writing is no problem. */
export async function lasting(check: () => string | undefined): Promise<string | undefined> {
  let problem = check();
  for (let attempt = 0; problem !== undefined && attempt < 3; attempt += 1) {
    await wait(15);
    problem = check();
  }
  return problem;
}
