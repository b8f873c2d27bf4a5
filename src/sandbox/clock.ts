/** The clock of the sandbox, passed as an argument. */
export interface SandboxClock {
  /** Milliseconds since 1970. */
  now: () => number;
  /** Milliseconds from an arbitrary start, for durations. */
  monotonic: () => number;
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}
