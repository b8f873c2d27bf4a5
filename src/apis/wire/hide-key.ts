import { OrxError } from '../../errors.ts';

const STAND_IN = '[the key]';
/** Shorter keys may be ordinary words: replacing them would garble the message and hide nothing. */
const SHORTEST_KEY = 8;

/**
 * Returns the failure with the key removed: a server may repeat what it received in any part of its reply. Returns failures
 * without the key unchanged.
 */
export function hideKey(error: unknown, key: string | undefined): unknown {
  if (!(error instanceof OrxError) || key === undefined || key.length < SHORTEST_KEY) return error;
  const { what, why, kind, code, reason, status, provider, isRetryable, retryAfterMs, rate, requestId, hints, wire, cause } =
    error;
  const facts = JSON.stringify({ what, why, code, provider, requestId, hints, wire });
  const quoted = JSON.stringify(key).slice(1, -1);
  if (!facts.includes(quoted)) return error;
  const hidden = JSON.parse(facts.replaceAll(quoted, STAND_IN)) as Pick<
    OrxError,
    'what' | 'why' | 'code' | 'provider' | 'requestId' | 'hints' | 'wire'
  >;
  return new OrxError(hidden.what, { ...hidden, kind, reason, status, isRetryable, retryAfterMs, rate, cause });
}
