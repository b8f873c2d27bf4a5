const CELL = new Int32Array(new SharedArrayBuffer(4));

/** Waits without letting anything else run: for work that must not be broken up, and takes milliseconds. */
export function sleep(ms: number): void {
  Atomics.wait(CELL, 0, 0, ms);
}
