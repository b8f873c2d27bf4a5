/**
 * Time limits of a request, in milliseconds. Each is separate: no limit applies to the total time, so a long answer is never cut
 * off.
 */
export interface HttpLimits {
  /** To establish a connection, TLS included. */
  connectMs: number;
  /** From the request to the reply's headers. 1xx replies are skipped and do not extend it. */
  firstByteMs: number;
  /** Between two pieces of the reply's body. Any byte restarts it. */
  idleMs: number;
}
