import { setFlagsFromString } from 'node:v8';

/**
 * undici parses HTTP with WebAssembly. Node 20 optimizes that module in the background and waits for it when the process ends, which
 * takes longer than a whole short answer; newer Nodes do not. To be called after undici is loaded and before the first connection.
 *
 * In a pipe, Node 20 also spends a third of a run's processor time on optimizing code that is over before it pays: there it is made to
 * wait longer before it does. What Ink draws does gain from optimized code.
 */
export function tuneNode(nodeVersion: string, isTerminal: boolean): void {
  if (Number.parseInt(nodeVersion, 10) >= 22) return;
  setFlagsFromString('--liftoff-only');
  if (!isTerminal) setFlagsFromString('--interrupt-budget=1000000');
}
