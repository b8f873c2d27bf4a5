import { closeSync, openSync, readFileSync, readlinkSync, statSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { hrtime, pid } from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { OrxError } from '../../errors.ts';
import { isRunning } from './owner.ts';
import { removeFile } from './remove-file.ts';
import { sleep } from './sleep.ts';
import { monotonicMs } from '../../monotonic.ts';

export interface LockOptions {
  /**
   * Age at which a lock is removed although its process may run. Default 5 s; work under a lock takes milliseconds. The lock of a process of this
   * machine that has ended is removed at once.
   */
  staleMs?: number;
  /** How long to wait for a lock of another process. Default 20 s. */
  patienceMs?: number;
}

/**
 * Calls `work` while no other process works under the same lock file, which is created exclusively and removed afterwards. `work` is
 * synchronous, so it never waits while it holds the lock. Throws OrxError if the lock does not become free, and any error of creating the lock
 * file.
 */
export async function withFileLock<T>(path: string, work: () => T, options: LockOptions = {}): Promise<T> {
  const attempt = lockAttempts(path, options);
  while (!attempt.isDone()) await wait(pauseMs());
  return attempt.run(work);
}

/** The synchronous version, for work that takes milliseconds and must not be interrupted by other work of this process. */
export function withFileLockSync<T>(path: string, work: () => T, options: LockOptions = {}): T {
  const attempt = lockAttempts(path, options);
  while (!attempt.isDone()) sleep(pauseMs());
  return attempt.run(work);
}

interface LockAttempts {
  /** Tries once. Returns whether this process has the lock. */
  isDone: () => boolean;
  /** Calls `work` and releases the lock. */
  run: <T>(work: () => T) => T;
}

function lockAttempts(path: string, { staleMs = 5_000, patienceMs = 20_000 }: LockOptions): LockAttempts {
  // A process takes no two locks in the same nanosecond.
  const token = `${pid} ${hrtime.bigint().toString(16)} ${processScope()}`;
  const end = monotonicMs() + patienceMs;
  return {
    isDone() {
      if (createExclusively(path, token)) return true;
      breakStaleLock(path, staleMs);
      if (monotonicMs() <= end) return false;
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
        // If another process removed the lock as stale, the file belongs to that process.
        if (readToken(path) === token) removeFile(path);
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

// Two processes may see the same stale lock. Only one may remove it, and only while it is still stale: otherwise it would remove the lock that a
// third process has just created. So a lock also guards the removal.
function breakStaleLock(path: string, staleMs: number): void {
  const isStale = (): boolean => isOlderThan(path, staleMs) || isLeft(readToken(path));
  if (!isStale()) return;
  const guard = `${path}.break`;
  if (isOlderThan(guard, staleMs)) removeFile(guard);
  if (!createExclusively(guard, '')) return;
  try {
    if (isStale()) removeFile(path);
  } finally {
    removeFile(guard);
  }
}

/** Returns whether a lock belongs to a process that has ended. False for one that cannot be seen from here, such as that of another machine. */
function isLeft(token: string | undefined): boolean {
  const [, id, scope] = /^(\d+) [0-9a-f]+ (.+)$/s.exec(token ?? '') ?? [];
  return id !== undefined && scope === processScope() && !isRunning(Number(id));
}

/** Names where process ids are unique: this machine and, on Linux, the namespace, because containers can have the name of their machine. */
export function processScope(): string {
  try {
    return `${hostname()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}

// After a clock was set back, locks have times in the future: they are stale too.
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
