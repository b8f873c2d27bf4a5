/** Longest waits, in milliseconds, each on its own: a long answer is never cut because it is long. */
export interface HttpLimits {
  /** For a connection, TLS included. */
  connectMs: number;
  /** From the request to the reply's headers; 1xx replies before them are skipped, and do not extend it. */
  firstByteMs: number;
  /** Between two pieces of the reply's body; any byte ends a silence. */
  idleMs: number;
}
