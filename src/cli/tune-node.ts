import { setFlagsFromString } from 'node:v8';

/**
 * undici parses HTTP with WebAssembly. Node 20 optimizes that module in the background and waits for it when the process ends, which
 * takes longer than a whole short answer; newer Nodes do not. To be called after undici is loaded and before the first connection.
 *
 * In a pipe, Node 20 also spends a third of a run's processor time on optimizing code that is over before it pays: there it is made to
 * wait longer before it does. What Ink draws does gain from optimized code.
 *
 * Newer Nodes let garbage grow further before they collect it: an answer of 100 MB in a pipe then takes more than three times its size. Told to
 * save memory, they take 2.4 times its size and a tenth more processor time.
 */
export function tuneNode(nodeVersion: string, isTerminal: boolean): void {
  if (Number.parseInt(nodeVersion, 10) >= 22) {
    if (!isTerminal) setFlagsFromString('--optimize-for-size');
    return;
  }
  setFlagsFromString('--liftoff-only');
  if (!isTerminal) setFlagsFromString('--interrupt-budget=1000000');
}
