import { hostname } from 'node:os';
import { kill, pid } from 'node:process';

/** Whose a lease is, and how to learn whether somebody still runs. */
export interface Owner {
  pid: number;
  host: string;
  /** Whether a process of this machine runs. */
  isRunning: (pid: number) => boolean;
}

/** This process. */
export function thisProcess(): Owner {
  return { pid, host: hostname(), isRunning };
}

function isRunning(id: number): boolean {
  try {
    kill(id, 0);
    return true;
  } catch (error) {
    // Another user's process runs, too.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
