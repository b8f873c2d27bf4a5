import { OrxError } from '../../errors.ts';

/** Codes of http/network-error.ts for a connection that never stood. */
const NEVER_SENT: ReadonlySet<string> = new Set(['connect-timeout', 'dns', 'refused', 'unreachable', 'proxy', 'tls']);

/**
 * Whether a request that failed before anybody had begun to answer is surely not billed: it was refused, or never sent. A reply that accepts
 * the request and then fails may be billed.
 */
export function isUnbilled(error: unknown): boolean {
  if (!(error instanceof OrxError)) return false;
  const { status, kind, code } = error;
  return status === undefined ? ['usage', 'authentication'].includes(kind) || NEVER_SENT.has(code ?? '') : status >= 300;
}
