import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { OrxError } from '../../errors.ts';
import { sleep } from './sleep.ts';

export interface LockOptions {
  /** A lock older than this was left by a process that died: it is broken. Default 5 s; work under a lock takes milliseconds. */
  staleMs?: number;
  /** How long to wait for a lock that another process has. Default 20 s. */
  patienceMs?: number;
}

/**
 * Does `work` while no other process does work under the same lock file, which is made exclusively and removed afterwards.
 * `work` is synchronous, so that no wait falls within a lock. Throws OrxError when the lock does not come free, and
 * whatever making the lock file throws.
 */
export async function withFileLock<T>(path: string, work: () => T, options: LockOptions = {}): Promise<T> {
  const attempt = lockAttempts(path, options);
  while (!attempt.isDone()) await wait(pauseMs());
  return attempt.run(work);
}

/** The same where nothing else may happen meanwhile: for work that takes milliseconds. */
export function withFileLockSync<T>(path: string, work: () => T, options: LockOptions = {}): T {
  const attempt = lockAttempts(path, options);
  while (!attempt.isDone()) sleep(pauseMs());
  return attempt.run(work);
}

interface LockAttempts {
  /** Tries once; whether this process has the lock. */
  isDone: () => boolean;
  /** Works, and gives the lock back. */
  run: <T>(work: () => T) => T;
}

function lockAttempts(path: string, { staleMs = 5_000, patienceMs = 20_000 }: LockOptions): LockAttempts {
  const token = randomBytes(12).toString('hex');
  const end = performance.now() + patienceMs;
  return {
    isDone() {
      if (createExclusively(path, token)) return true;
      breakStaleLock(path, staleMs);
      if (performance.now() <= end) return false;
      throw new OrxError(`another orx has locked ${path}`, {
        kind: 'unexpected',
        code: 'locked',
        hints: ['try again; if no other orx is running, remove that file'],
      });
    },
    run(work) {
      try {
        return work();
      } finally {
        // A lock that was broken meanwhile belongs to somebody else.
        if (readToken(path) === token) rmSync(path, { force: true });
      }
    },
  };
}

function pauseMs(): number {
  return 2 + Math.random() * 20;
}

function createExclusively(path: string, token: string): boolean {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'wx', 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  writeSync(descriptor, token);
  closeSync(descriptor);
  return true;
}

// Two processes may see the same stale lock. Only one may remove it, and only while it is still the stale one: else it would
// take away the lock that a third has just made. So removing is itself done under a lock.
function breakStaleLock(path: string, staleMs: number): void {
  if (!isOlderThan(path, staleMs)) return;
  const guard = `${path}.break`;
  if (isOlderThan(guard, staleMs)) rmSync(guard, { force: true });
  if (!createExclusively(guard, '')) return;
  try {
    if (isOlderThan(path, staleMs)) rmSync(path, { force: true });
  } finally {
    rmSync(guard, { force: true });
  }
}

// A clock that was set back leaves locks of the future: they are as stale.
function isOlderThan(path: string, ms: number): boolean {
  try {
    return Math.abs(Date.now() - statSync(path).mtimeMs) > ms;
  } catch {
    return false;
  }
}

function readToken(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
