import { OrxError } from '../../../errors.ts';

const STAND_IN = '[the key]';
const HEADER_STAND_IN = '[a header]';
/** Shorter keys may be ordinary words: replacing them would garble the message and hide nothing. */
const SHORTEST_KEY = 8;

/**
 * Returns the failure with the key removed: a server may repeat what it received in any part of its reply. Returns failures
 * without the key unchanged.
 */
export function hideKey(error: unknown, key: string | undefined): unknown {
  return key === undefined || key.length < SHORTEST_KEY ? error : changed(error, everywhere(key, STAND_IN));
}

/** Returns the failure without the key and without the values of the user's own headers, which may be secrets too. */
export function hideSecrets(
  error: unknown,
  { apiKey, headers = {} }: { apiKey?: string | undefined; headers?: Readonly<Record<string, string>> | undefined },
): unknown {
  return Object.entries(headers).reduce(
    (hidden, [name, value]) =>
      changed(hidden, value.length < SHORTEST_KEY ? asValueOf(name, value) : everywhere(value, HEADER_STAND_IN)),
    hideKey(error, apiKey),
  );
}

/** Returns the failure with another JSON text of all that a server may have written. */
function changed(error: unknown, change: (json: string) => string): unknown {
  if (!(error instanceof OrxError)) return error;
  const {
    what,
    why,
    kind,
    code,
    reason,
    status,
    provider,
    isRetryable,
    retryAfterMs,
    rate,
    requestId,
    hints,
    more,
    wire,
    cause,
  } = error;
  const facts = JSON.stringify({ what, why, code, provider, requestId, hints, more, wire });
  const text = change(facts);
  if (text === facts) return error;
  const hidden = JSON.parse(text) as Pick<
    OrxError,
    'what' | 'why' | 'code' | 'provider' | 'requestId' | 'hints' | 'more' | 'wire'
  >;
  return new OrxError(hidden.what, { ...hidden, kind, reason, status, isRetryable, retryAfterMs, rate, cause });
}

function everywhere(secret: string, standIn: string): (json: string) => string {
  const quoted = inJson(secret);
  return (json) => json.replaceAll(quoted, standIn);
}

/** Between a header's name and its value, or around them: quotes, also those of JSON within JSON, and signs. */
const SIGNS = String.raw`[\s"'${'`'}\\:=({<\[>]`;

/**
 * Returns a function that hides a short value only where it stands as the value of its header: `x-team: ab`, `"X-Team":["ab"]`, `X_TEAM is "ab"`,
 * `"ab" for x-team`. Anywhere else it may be an ordinary word or number.
 */
function asValueOf(name: string, value: string): (json: string) => string {
  if (value === '') return (json) => json;
  const header = escaped(name).replaceAll('\\-', '[-_]');
  const secret = escaped(inJson(value));
  const after = new RegExp(
    `((?<![\\w-])(?:http_)?${header}${SIGNS}{1,16}(?:(?:header|value|is|was|of|has|had|got|not|cannot|be|the)${SIGNS}{1,16}){0,4})${secret}(?![\\w-])`,
    'gi',
  );
  const before = new RegExp(
    `(?<![\\w-])${secret}(${SIGNS}{1,16}(?:(?:is|not|a|an|valid|invalid|allowed|value|for|of|in|as|the|header)${SIGNS}{1,16}){1,8}${header}(?![\\w-]))`,
    'gi',
  );
  return (json) => json.replace(after, `$1${HEADER_STAND_IN}`).replace(before, `${HEADER_STAND_IN}$1`);
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`);
}
