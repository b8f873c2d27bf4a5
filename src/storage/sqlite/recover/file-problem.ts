import { statSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { readWal } from './wal.ts';

/**
 * Returns a problem with the files of a database that SQLite does not report; undefined if there is none. SQLite treats an empty file as a new
 * database, and ignores the rest of a write-ahead log after the first damaged frame. Throws if the path is not a file.
 */
export function fileProblem(path: string): string | undefined {
  const stat = statSync(path);
  if (!stat.isFile()) throw Object.assign(new Error('it is not a file'), { code: stat.isDirectory() ? 'EISDIR' : 'EINVAL' });
  if (stat.size === 0) return 'the file is empty';
  const log = statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  return log > 0 ? readWal(`${path}-wal`).problem : undefined;
}

/** Returns a problem only if `check` finds it repeatedly: another process may be writing the file. */
export async function lasting(check: () => string | undefined): Promise<string | undefined> {
  let problem = check();
  for (let attempt = 0; problem !== undefined && attempt < 3; attempt += 1) {
    await wait(15);
    problem = check();
  }
  return problem;
}
