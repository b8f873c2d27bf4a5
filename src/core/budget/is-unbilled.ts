import { OrxError } from '../../errors.ts';

/** Codes of http/network-error.ts for a connection that was never established. */
const NEVER_SENT: ReadonlySet<string> = new Set(['connect-timeout', 'dns', 'refused', 'unreachable', 'proxy', 'tls']);

/**
 * Returns whether a request that failed before an answer began certainly cost nothing: it was rejected, or never sent. A response that accepts
 * the request and then fails may cost something.
 */
export function isUnbilled(error: unknown): boolean {
  if (!(error instanceof OrxError)) return false;
  const { status, kind, code } = error;
  return status === undefined ? ['usage', 'authentication'].includes(kind) || NEVER_SENT.has(code ?? '') : status >= 300;
}
