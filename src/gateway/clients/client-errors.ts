import { OrxError } from '../../errors.ts';

/** The state of a limit. Without `resetAt`, waiting does not help. */
export interface RateLimit {
  limit: number;
  remaining: number;
  /** Milliseconds since 1970. */
  resetAt?: number | undefined;
}

/** Returns status 401. The error is the same for a missing and an invalid key, so that nobody learns which keys exist. */
export function clientUnknown(): OrxError {
  return new OrxError('the API key is missing or invalid', { kind: 'authentication', code: 'authentication', status: 401 });
}

/** Returns status 403: the key may not use this model. */
export function modelForbidden(model: string): OrxError {
  return new OrxError(`the API key is not allowed to use ${model}`, {
    kind: 'no-endpoint',
    code: 'permission_denied',
    status: 403,
  });
}

/** Returns status 429. `what`: the limit, such as `requests per minute`. */
export function clientRateLimited(what: string, rate: RateLimit, now: number): OrxError {
  const { limit, resetAt } = rate;
  const message =
    resetAt === undefined
      ? `this request alone is larger than the limit of this API key: ${limit} ${what}`
      : `Rate limit exceeded: ${limit} ${what} for this API key`;
  return new OrxError(message, {
    kind: 'rate-limit',
    code: 'rate_limit_exceeded',
    status: 429,
    retryAfterMs: resetAt === undefined ? undefined : Math.max(1, resetAt - now),
    wire: {
      message,
      code: 429,
      metadata: { error_type: 'rate_limit_exceeded', limit_source: 'orx_client_key', headers: rateLimitHeaders(rate) },
    },
  });
}

/** Returns the headers in OpenRouter's form: the reset is in milliseconds since 1970. */
export function rateLimitHeaders({ limit, remaining, resetAt }: RateLimit): Record<string, string> {
  return {
    'X-RateLimit-Limit': String(limit),
    'X-RateLimit-Remaining': String(remaining),
    ...(resetAt !== undefined && { 'X-RateLimit-Reset': String(Math.ceil(resetAt)) }),
  };
}
