import { type ErrorKind, OrxError } from '../errors.ts';
import { shortText } from '../text/short-text.ts';

/** An error in OpenRouter's form. */
export interface WireError {
  message: string;
  code: number;
  metadata?: unknown;
  [field: string]: unknown;
}

const STATUS: Readonly<Record<ErrorKind, number>> = {
  usage: 400,
  authentication: 401,
  credits: 402,
  'rate-limit': 429,
  'no-endpoint': 404,
  provider: 502,
  network: 502,
  'model-mismatch': 502,
  interrupted: 503,
  unexpected: 500,
};

/** Returns the HTTP status for a client. */
export function errorStatus(error: unknown): number {
  if (!(error instanceof OrxError)) return 500;
  // The status is that of a page or of another server: it says nothing about the client's request.
  if (error.code === 'not-the-api') return STATUS[error.kind];
  if (error.status !== undefined && Number.isInteger(error.status) && error.status >= 400 && error.status <= 599)
    return error.status;
  // A server behind the gateway timed out.
  return error.kind === 'network' && error.code?.endsWith('timeout') === true ? 504 : STATUS[error.kind];
}

/**
 * Returns the wire's `error` object: the API's own if there is one, else one in its form. Hides the message of an internal
 * failure, which may contain private data.
 */
export function wireError(error: unknown): WireError {
  const code = errorStatus(error);
  if (!(error instanceof OrxError) || error.kind === 'unexpected') return { message: 'Internal Server Error', code };
  const own = error.code === 'not-the-api' ? undefined : error.wire;
  if (typeof own === 'object' && own !== null && !Array.isArray(own) && typeof (own as WireError).message === 'string') {
    const { message } = own as WireError;
    return { ...(own as WireError), message: shortText(message), code: integer((own as WireError).code) ?? code };
  }
  const type = error.code;
  return { message: shortText(error.message), code, ...(type === undefined ? {} : { metadata: { error_type: type } }) };
}

/** Returns Retry-After and X-RateLimit-* headers for a failure. */
export function errorHeaders(error: unknown): Record<string, string> {
  const headers: Record<string, string> = {};
  if (!(error instanceof OrxError)) return headers;
  if (error.retryAfterMs !== undefined) headers['retry-after'] = String(Math.ceil(error.retryAfterMs / 1000));
  const metadata = (error.wire as { metadata?: { headers?: unknown } } | undefined)?.metadata;
  const own = metadata?.headers;
  if (typeof own === 'object' && own !== null) {
    for (const [name, value] of Object.entries(own)) {
      // Untrusted: accept only these header names, with values that contain no line break.
      if (/^x-ratelimit-[a-z]{1,20}$/i.test(name) && /^[\w .:;,=-]{1,100}$/.test(String(value))) headers[name] = String(value);
    }
  }
  return headers;
}

function integer(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) ? value : undefined;
}
