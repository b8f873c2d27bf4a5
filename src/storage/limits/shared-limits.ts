import { createHash } from 'node:crypto';
import { readFileSync, renameSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withFileLock } from '../files/file-lock.ts';
import { type Owner, thisProcess } from '../files/owner.ts';
import { makePrivateFolder } from '../files/private-mode.ts';
import {
  admit,
  afterAnswer,
  afterRefusal,
  currentState,
  type LimitState,
  readLimitState,
  type Refusal,
  withoutRequest,
} from './limit-state.ts';

/** The limits of one key and model, as all processes of this machine know them. */
export interface ModelLimit {
  /**
   * Returns how long to wait before asking again, in milliseconds; 0: the request may start. Undefined: nothing is known, and the request need not
   * call `leave`.
   */
  ask: (id: string) => Promise<number | undefined>;
  /** The request was answered. */
  succeed: () => Promise<void>;
  /** The server refused the request for its rate. */
  refuse: (refusal: Refusal) => Promise<void>;
  /** The request has ended or is not sent. */
  leave: (id: string) => Promise<void>;
}

export interface SharedLimitsOptions {
  /** Contains a file for each key and model for which something was learned. It exists only then. */
  folder: string;
  now: () => number;
  /** Default: this process. */
  owner?: Owner | undefined;
}

type Change = (stored: LimitState | undefined) => LimitState | undefined;

/** A file lock is held for less than a millisecond. */
const LOCK = { staleMs: 1000, patienceMs: 2000 };
const LARGEST_BYTES = 256 * 1024;

/**
 * Returns the limits that a server has stated by refusing requests, shared by all processes that use the same folder. `account` identifies the
 * server and the key; only its hash with the model is stored. Never throws: if a file cannot be read or written, the limits apply to this process alone.
 */
export function openSharedLimits({ folder, now, owner = thisProcess() }: SharedLimitsOptions): {
  of: (account: string) => (model: string) => ModelLimit;
} {
  const own = new Map<string, LimitState>();
  const of = (account: string, model: string): ModelLimit => {
    const scope = JSON.stringify([account, model]);
    let path: string | undefined;
    const pathOf = (): string => (path ??= join(folder, `${hashOf(scope)}.json`));

    /** Reads, changes and writes the state under a lock. Returns false if that failed. */
    const change = async (work: Change): Promise<boolean> => {
      try {
        await withFileLock(
          `${pathOf()}.lock`,
          () => {
            const stored = read(pathOf());
            write(pathOf(), stored, work(stored));
          },
          LOCK,
        );
        return true;
      } catch {
        return false;
      }
    };
    const update = async (work: Change): Promise<void> => {
      if (!own.has(scope) && (await change(work))) return;
      const next = work(own.get(scope));
      if (next === undefined) own.delete(scope);
      else own.set(scope, next);
    };
    const isLimited = (): boolean =>
      own.has(scope) || (isFolder(folder) && statSync(pathOf(), { throwIfNoEntry: false }) !== undefined);

    return {
      async ask(id) {
        let waitMs: number | undefined;
        if (tried(isLimited) !== true) return undefined;
        await update((stored) => {
          waitMs = undefined;
          const current = stored && currentState(stored, now(), owner.isRunning);
          if (current === undefined) return undefined;
          const admitted = admit(current, { id, pid: owner.pid, now: now(), isAlive: owner.isRunning });
          ({ waitMs } = admitted);
          return admitted.state;
        });
        if (waitMs === undefined) tried(() => rmdirSync(folder));
        return waitMs;
      },
      async succeed() {
        if (tried(isLimited) === true) await update((stored) => stored && afterAnswer(stored));
      },
      async refuse(refusal) {
        tried(() => makePrivateFolder(folder));
        await update((stored) => afterRefusal(stored && currentState(stored, now(), owner.isRunning), refusal, now()));
      },
      async leave(id) {
        if (tried(isLimited) === true) await update((stored) => stored && withoutRequest(stored, id));
      },
    };
  };
  return { of: (account) => (model) => of(account, model) };
}

function tried<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** Returns undefined for a missing or damaged file. */
function read(path: string): LimitState | undefined {
  const { size = 0 } = statSync(path, { throwIfNoEntry: false }) ?? {};
  if (size === 0 || size > LARGEST_BYTES) return undefined;
  return tried(() => readLimitState(JSON.parse(readFileSync(path, 'utf8'))));
}

function write(path: string, stored: LimitState | undefined, next: LimitState | undefined): void {
  if (next === undefined) return rmSync(path, { force: true });
  if (next === stored) return;
  const beside = `${path}.tmp`;
  // Under the lock there is only one writer.
  writeFileSync(beside, JSON.stringify(next), { mode: 0o600 });
  renameSync(beside, path);
}

function hashOf(scope: string): string {
  return createHash('sha256').update(scope).digest('hex').slice(0, 32);
}
