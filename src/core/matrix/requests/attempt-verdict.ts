import { OrxError } from '../../../errors.ts';

/** The consequence of a failed attempt. */
export type AttemptVerdict =
  /** The server gets too many requests: the connection slows down, and the request is repeated. */
  | { kind: 'refused'; retryAfterMs: number | undefined }
  /** It may succeed if it is repeated a little later. */
  | { kind: 'transient'; retryAfterMs: number | undefined }
  /** It fails whenever it is sent; others may succeed. */
  | { kind: 'failed' }
  /** Every other request fails too: of the lane, of its connection, or of the whole run. */
  | { kind: 'halt'; scope: 'lane' | 'connection' | 'run' };

const OVERLOADED: ReadonlySet<number | undefined> = new Set([429, 503, 529]);

/** Returns what follows from the error of an attempt. A server that asks to wait longer than `patienceMs` is not waited for. */
export function attemptVerdict(error: unknown, patienceMs: number): AttemptVerdict {
  if (!(error instanceof OrxError)) return { kind: 'failed' };
  const { kind, code, status, isRetryable, retryAfterMs } = error;
  if (code === 'budget') return { kind: 'halt', scope: 'run' };
  if (kind === 'authentication' || kind === 'credits') return { kind: 'halt', scope: 'connection' };
  if (kind === 'rate-limit') {
    // A daily quota does not end while a run waits.
    const isLong = !isRetryable || (retryAfterMs ?? 0) > patienceMs;
    return isLong ? { kind: 'halt', scope: 'lane' } : { kind: 'refused', retryAfterMs };
  }
  if (!isRetryable || (retryAfterMs ?? 0) > patienceMs) return { kind: 'failed' };
  return { kind: OVERLOADED.has(status) ? 'refused' : 'transient', retryAfterMs };
}

/** Returns whether a failure concerns only this prompt. */
export function isAboutPrompt(error: unknown): boolean {
  return error instanceof OrxError && (error.reason !== undefined || error.code === 'refusal' || error.code === 'content-filter');
}
