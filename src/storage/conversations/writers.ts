import type { Owner } from '../files/owner.ts';

/** An answer without new text for this long is no longer in progress, even if some process has the id of its writer. */
const LONGEST_SILENCE_MS = 15 * 60 * 1000;

/** Determines whether answers are still being written. */
export interface Writers {
  owner: Owner;
  isWriting: (message: { at: number; pid: number | null; host: string | null }, lastPieceAt: number | undefined) => boolean;
}

export function writersSeenBy(owner: Owner, now: () => number): Writers {
  return {
    owner,
    isWriting({ at, pid, host }, lastPieceAt) {
      if (pid === null || now() - Math.max(at, lastPieceAt ?? 0) > LONGEST_SILENCE_MS) return false;
      // A process of another machine cannot be checked.
      return host !== owner.host || pid === owner.pid || owner.isRunning(pid);
    },
  };
}
