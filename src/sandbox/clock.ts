/** Time for the sandbox, as an argument. */
export interface SandboxClock {
  /** Milliseconds since 1970. */
  now: () => number;
  /** Milliseconds, for durations. */
  monotonic: () => number;
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}
