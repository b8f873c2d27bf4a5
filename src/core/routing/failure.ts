import { OrxError } from '../../errors.ts';
import { isPolicyRefusal } from '../pipeline/policy-refusal.ts';

/**
 * What may follow a failed attempt. `stop`: nothing, the failure is the answer · `policy`: only targets that the configuration names for this
 * case · `next-model`: a target of another model · `next-target`: any other target · `retry`: the same target again.
 */
export type FailureAction = 'stop' | 'policy' | 'next-model' | 'next-target' | 'retry';

/** Codes of a target that stayed silent: the same wait again helps nobody. */
const SILENT: ReadonlySet<string | undefined> = new Set([
  'connect-timeout',
  'first-byte-timeout',
  'first-token-timeout',
  'idle-timeout',
  'answer-timeout',
]);
/** The target never came into being, or the connection broke before a reply: sending again is safe. */
const UNCONNECTED: ReadonlySet<string | undefined> = new Set(['refused', 'unreachable', 'dns']);
/** Statuses that say that the target itself is of no use now, whatever it is asked. */
const UNUSABLE: ReadonlySet<number | undefined> = new Set([401, 402, 403, 408, 429]);

/** `signal`: of the client, who may have gone. */
export function actionAfter(error: unknown, signal: AbortSignal | undefined): FailureAction {
  if (signal?.aborted === true || !(error instanceof OrxError)) return 'stop';
  if (error.kind === 'interrupted' || error.kind === 'unexpected' || error.code === 'budget') return 'stop';
  if (isPolicyRefusal(error)) return 'policy';
  if (error.reason === 'context-length') return 'next-model';
  if (SILENT.has(error.code)) return 'next-target';
  return error.isRetryable || UNCONNECTED.has(error.code) ? 'retry' : 'next-target';
}

/** What a failure says of the target: `open`: it is of no use for a while · `count`: one more failure · `none`: the request was at fault. */
export function verdictOf(error: unknown, isDirect: boolean): 'open' | 'count' | 'none' {
  if (!(error instanceof OrxError)) return 'none';
  const { kind, code, status, reason } = error;
  if (kind === 'interrupted' || kind === 'unexpected' || code === 'budget' || reason !== undefined || isPolicyRefusal(error))
    return 'none';
  if (SILENT.has(code) && code !== 'idle-timeout' && code !== 'answer-timeout') return 'open';
  // OpenRouter says 403 and 404 of a request, such as one whose preferences no endpoint satisfies; a vendor says 404 of the model.
  if (status === 404) return isDirect ? 'open' : 'none';
  if (status === 403) return isDirect && kind === 'authentication' ? 'open' : 'none';
  if (UNUSABLE.has(status) || kind === 'authentication' || kind === 'credits' || kind === 'rate-limit') return 'open';
  return kind === 'usage' || (status !== undefined && status >= 400 && status < 500) ? 'none' : 'count';
}
