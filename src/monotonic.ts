/** Returns milliseconds on a clock that never goes back. `performance.now` would load a part of Node that takes a millisecond. */
export function monotonicMs(): number {
  // oxlint-disable-next-line no-restricted-globals -- importing it would copy all its names, and a clock is a global too
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}
