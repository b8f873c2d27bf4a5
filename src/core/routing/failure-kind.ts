import { OrxError } from '../../errors.ts';
import { isPolicyRefusal } from '../pipeline/policy-refusal.ts';
import { SILENT_CODES } from './failure.ts';

/** Kinds of failures for which a configuration may set its own numbers. */
export const FAILURE_KINDS = [
  'rate_limit',
  'timeout',
  'server_error',
  'authentication',
  'not_found',
  'bad_request',
  'content_policy',
] as const;
export type FailureKind = (typeof FAILURE_KINDS)[number];
/** A number for some kinds of failures. */
export type CountsByKind = Readonly<Partial<Record<FailureKind, number | undefined>>>;

/**
 * Returns the kind of a failed attempt. Undefined if no configuration may decide about it: the client has left, a budget refused the request, its
 * prompt is too long, or the account has no credit.
 */
export function failureKindOf(error: unknown): FailureKind | undefined {
  if (!(error instanceof OrxError)) return undefined;
  const { kind, code, status, reason } = error;
  if (kind === 'interrupted' || kind === 'unexpected' || code === 'budget' || reason === 'context-length') return undefined;
  if (isPolicyRefusal(error)) return 'content_policy';
  if (SILENT_CODES.has(code) || status === 408 || status === 504) return 'timeout';
  if (status === 429 || kind === 'rate-limit') return 'rate_limit';
  if (status === 402 || kind === 'credits' || status === 403) return undefined;
  if (status === 401 || kind === 'authentication') return 'authentication';
  if (status === 404) return 'not_found';
  if (status !== undefined && status >= 400 && status < 500) return 'bad_request';
  return kind === 'provider' || kind === 'network' ? 'server_error' : undefined;
}
