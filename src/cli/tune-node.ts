import { setFlagsFromString } from 'node:v8';

let isLasting = false;

/**
 * Keeps Node's defaults, because a server runs long enough to benefit from optimized code. Call this before the first connection.
 */
export function tuneForServer(): void {
  isLasting = true;
}

/**
 * undici parses HTTP with WebAssembly. Node 20 optimizes that module in the background and waits for it at exit, which takes
 * longer than a whole short answer; newer versions do not. Call this after undici is loaded and before the first connection.
 *
 * In a pipe, Node 20 also spends a third of a command's CPU time on optimizing code that ends before the optimization pays off,
 * so it is delayed there. Ink's rendering does benefit from optimized code.
 *
 * Newer versions let the heap grow further before they collect garbage: an answer of 100 MB in a pipe then takes more than three
 * times its size. With `--optimize-for-size` they take 2.4 times its size, and a tenth more CPU time.
 */
export function tuneNode(nodeVersion: string, isTerminal: boolean): void {
  if (isLasting) return;
  if (Number.parseInt(nodeVersion, 10) >= 22) {
    if (!isTerminal) setFlagsFromString('--optimize-for-size');
    return;
  }
  setFlagsFromString('--liftoff-only');
  if (!isTerminal) setFlagsFromString('--interrupt-budget=1000000');
}
