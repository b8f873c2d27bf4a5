const CELL = new Int32Array(new SharedArrayBuffer(4));

/** Blocks the thread: for work that must not be interrupted and takes milliseconds. */
export function sleep(ms: number): void {
  Atomics.wait(CELL, 0, 0, ms);
}
