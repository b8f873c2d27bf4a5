import type { ChildProcess } from 'node:child_process';
import process from 'node:process';

const GRACE_MS = 1000;
/** How often it is looked whether outputs still say something, and how often at most. */
const QUIET_MS = 50;
const MOST_CHECKS = 10;

/**
 * Sends a signal to a program that was started `detached` and to all that it has started in turn. Without effect when none of them is left.
 */
export function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // They have all ended.
  }
}

/** Asks the group to end, and ends it when it has not done so after a second. */
export function endGroup(child: ChildProcess): void {
  signalGroup(child, 'SIGTERM');
  const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), GRACE_MS);
  child.once('exit', () => clearTimeout(timer));
}

/** Programs that run. Whatever ends orx itself, also a second Ctrl-C, ends their groups. */
const running = new Set<ChildProcess>();
const endAll = (): void => {
  for (const child of running) signalGroup(child, 'SIGKILL');
};

/**
 * Ends with a program what it leaves behind: its group, and the pipes to it. A process that it started in a group of its own may hold them open
 * for as long as it lives. What has already been written is read first. `close` of the child then follows soon after its `exit`.
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
      // On a busy machine a timer may be late: the outputs are read once more before the next check.
      timer = setTimeout(() => setImmediate(checkOutputs), QUIET_MS);
    };
    let timer = setTimeout(checkOutputs, 0);
    child.once('close', () => clearTimeout(timer));
  });
}
