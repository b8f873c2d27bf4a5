import { OrxError } from '../../errors.ts';
import { isPolicyRefusal } from '../pipeline/policy-refusal.ts';

/**
 * What may follow a failed attempt. `stop`: nothing, the error is final · `policy`: only targets that the configuration names for this case ·
 * `next-model`: a target of another model · `next-target`: any other target · `retry`: the same target again.
 */
export type FailureAction = 'stop' | 'policy' | 'next-model' | 'next-target' | 'retry';

/** Codes of a target that did not respond: waiting for it again would not help. */
export const SILENT_CODES: ReadonlySet<string | undefined> = new Set([
  'connect-timeout',
  'first-byte-timeout',
  'first-token-timeout',
  'idle-timeout',
  'answer-timeout',
]);
/** No connection was established, so sending the request again is safe. */
const UNCONNECTED: ReadonlySet<string | undefined> = new Set(['refused', 'unreachable', 'dns']);
/** Statuses that mean that the target cannot be used now, whatever the request. */
const UNUSABLE: ReadonlySet<number | undefined> = new Set([401, 402, 403, 408, 429]);

/** Returns what may follow a failed attempt. `signal` aborts when the client has disconnected. */
export function actionAfter(error: unknown, signal: AbortSignal | undefined): FailureAction {
  if (signal?.aborted === true || !(error instanceof OrxError)) return 'stop';
  if (error.kind === 'interrupted' || error.kind === 'unexpected' || error.code === 'budget') return 'stop';
  if (isPolicyRefusal(error)) return 'policy';
  if (error.reason === 'context-length') return 'next-model';
  if (SILENT_CODES.has(error.code)) return 'next-target';
  return error.isRetryable || UNCONNECTED.has(error.code) ? 'retry' : 'next-target';
}

/**
 * Returns what a failure means for the target: `open`: it cannot be used for a while · `count`: it counts as a failure · `none`: the request
 * caused it.
 */
export function verdictOf(error: unknown, isDirect: boolean): 'open' | 'count' | 'none' {
  if (!(error instanceof OrxError)) return 'none';
  const { kind, code, status, reason } = error;
  if (kind === 'interrupted' || kind === 'unexpected' || code === 'budget' || reason !== undefined || isPolicyRefusal(error))
    return 'none';
  if (SILENT_CODES.has(code) && code !== 'idle-timeout' && code !== 'answer-timeout') return 'open';
  // OpenRouter uses 403 and 404 for errors of a request, such as preferences that no endpoint satisfies; a vendor uses 404 for an unknown model.
  if (status === 404) return isDirect ? 'open' : 'none';
  if (status === 403) return isDirect && kind === 'authentication' ? 'open' : 'none';
  if (UNUSABLE.has(status) || kind === 'authentication' || kind === 'credits' || kind === 'rate-limit') return 'open';
  return kind === 'usage' || (status !== undefined && status >= 400 && status < 500) ? 'none' : 'count';
}
