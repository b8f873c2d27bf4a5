import { OrxError } from '../../errors.ts';

const STAND_IN = '[the key]';
/** Shorter keys may be ordinary words: replacing them would garble the message and hide nothing. */
const SHORTEST_KEY = 8;

/**
 * Returns the failure with the key removed: a server may repeat what it received in any part of its reply. Returns failures
 * without the key unchanged.
 */
export function hideKey(error: unknown, key: string | undefined, standIn = STAND_IN): unknown {
  if (!(error instanceof OrxError) || key === undefined || key.length < SHORTEST_KEY) return error;
  const { what, why, kind, code, reason, status, provider, isRetryable, retryAfterMs, rate, requestId, hints, wire, cause } =
    error;
  const facts = JSON.stringify({ what, why, code, provider, requestId, hints, wire });
  const quoted = JSON.stringify(key).slice(1, -1);
  if (!facts.includes(quoted)) return error;
  const hidden = JSON.parse(facts.replaceAll(quoted, standIn)) as Pick<
    OrxError,
    'what' | 'why' | 'code' | 'provider' | 'requestId' | 'hints' | 'wire'
  >;
  return new OrxError(hidden.what, { ...hidden, kind, reason, status, isRetryable, retryAfterMs, rate, cause });
}

const HEADER_STAND_IN = '[a header]';

/** Returns the failure without the key and without the values of the user's own headers, which may be secrets too. */
export function hideSecrets(
  error: unknown,
  { apiKey, headers = {} }: { apiKey?: string | undefined; headers?: Readonly<Record<string, string>> | undefined },
): unknown {
  return Object.values(headers).reduce((hidden, value) => hideKey(hidden, value, HEADER_STAND_IN), hideKey(error, apiKey));
}
