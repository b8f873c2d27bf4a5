import type { Owner } from '../files/owner.ts';

/** An answer that nothing was added to for so long is not under way, whatever process has the number of its writer by now. */
const LONGEST_SILENCE_MS = 15 * 60 * 1000;

/** Tells whether answers are still being written. */
export interface Writers {
  owner: Owner;
  isWriting: (message: { at: number; pid: number | null; host: string | null }, lastPieceAt: number | undefined) => boolean;
}

export function writersSeenBy(owner: Owner, now: () => number): Writers {
  return {
    owner,
    isWriting({ at, pid, host }, lastPieceAt) {
      if (pid === null || now() - Math.max(at, lastPieceAt ?? 0) > LONGEST_SILENCE_MS) return false;
      // Nobody can ask after a process of another machine.
      return host !== owner.host || pid === owner.pid || owner.isRunning(pid);
    },
  };
}
