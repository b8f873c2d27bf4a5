import type { ChildProcess } from 'node:child_process';
import { kill } from 'node:process';

const GRACE_MS = 2000;

/**
 * Sends a signal to a program that was started `detached` and to all that it has started in turn. Without effect when none of them is left.
 */
export function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    kill(-pid, signal);
  } catch {
    // They have all ended.
  }
}

/** Asks the group to end, and ends it when it has not done so after two seconds. */
export function endGroup(child: ChildProcess): void {
  signalGroup(child, 'SIGTERM');
  const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), GRACE_MS);
  child.once('exit', () => {
    clearTimeout(timer);
    // Its own children may have outlived it.
    signalGroup(child, 'SIGKILL');
  });
}
