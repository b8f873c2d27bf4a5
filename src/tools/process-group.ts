import type { ChildProcess } from 'node:child_process';
import process from 'node:process';

const GRACE_MS = 1000;
/** Interval between checks for further output, and the maximum number of checks. */
const QUIET_MS = 50;
const MOST_CHECKS = 10;

/** Sends a signal to a program that was started `detached`, and to every process of its group. Does nothing when none is left. */
export function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // All processes of the group have ended.
  }
}

/** Sends SIGTERM to the group, and SIGKILL if the program still runs after one second. */
export function endGroup(child: ChildProcess): void {
  signalGroup(child, 'SIGTERM');
  const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), GRACE_MS);
  child.once('exit', () => clearTimeout(timer));
}

/** Running programs. Their groups are killed when orx exits for any reason, a second Ctrl-C included. */
const running = new Set<ChildProcess>();
const endAll = (): void => {
  for (const child of running) signalGroup(child, 'SIGKILL');
};

/**
 * Cleans up when a program exits: kills its process group and closes its pipes. A process that the program started in another
 * group could hold the pipes open for as long as it lives. Output that has already been written is read first. The child's
 * `close` event then follows soon after `exit`.
 */
export function endWithLeader(child: ChildProcess): void {
  if (child.pid === undefined) return;
  if (running.size === 0) process.once('exit', endAll);
  running.add(child);
  child.once('exit', () => {
    signalGroup(child, 'SIGKILL');
    running.delete(child);
    if (running.size === 0) process.off('exit', endAll);
    const outputs = [child.stdout, child.stderr].filter((output) => output !== null);
    let isQuiet = false;
    for (const output of outputs) output.on('data', () => (isQuiet = false));
    let checks = 0;
    const checkOutputs = (): void => {
      checks += 1;
      if (isQuiet || checks > MOST_CHECKS) {
        for (const stream of [child.stdin, ...outputs]) stream?.destroy();
        return;
      }
      isQuiet = true;
      // On a busy machine timers may be late: read the outputs once more before the next check.
      timer = setTimeout(() => setImmediate(checkOutputs), QUIET_MS);
    };
    let timer = setTimeout(checkOutputs, 0);
    child.once('close', () => clearTimeout(timer));
  });
}
