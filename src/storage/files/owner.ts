import { hostname } from 'node:os';
import { kill, pid } from 'node:process';

/** The owner of a lease, and a check whether an owner still runs. */
export interface Owner {
  pid: number;
  host: string;
  /** Returns whether a process of this machine runs. */
  isRunning: (pid: number) => boolean;
}

/** Returns this process as an owner. */
export function thisProcess(): Owner {
  return { pid, host: hostname(), isRunning };
}

/** Returns whether a process of this machine runs. */
export function isRunning(id: number): boolean {
  try {
    kill(id, 0);
    return true;
  } catch (error) {
    // A process of another user runs, too.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
