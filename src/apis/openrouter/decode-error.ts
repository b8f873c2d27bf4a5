import { type ErrorFacts, OrxError } from '../../errors.ts';
import { errorHints } from './error-hints.ts';
import { errorKind, type ErrorSigns, isWorthRetrying, isWrongAddress } from './error-kind.ts';
import { errorMessage } from './error-message.ts';
import type { FailedReply } from './failed-reply.ts';
import { retryAfter } from './retry-after.ts';
import { asNumber, asObject, asText } from './wire-value.ts';

/** Turns the API's error object, in any of its shapes, into the facts that orx acts on. Source: the API's error reference. */
export function decodeApiError(reply: FailedReply): OrxError {
  const body = asObject(reply.body);
  const error = asObject(body?.['error']) ?? (typeof body?.['error'] === 'string' ? { message: body['error'] } : {});
  const metadata = asObject(error['metadata']) ?? {};
  const availability = asObject(error['availability']) ?? asObject(body?.['availability']);
  const code = asStatus(error['code']) ?? asNumber(error['http_status']);
  const status = code ?? (reply.status === 200 ? undefined : reply.status);
  const type =
    asText(metadata['error_type']) ??
    asText(error['error_type']) ??
    asText(body?.['error_type']) ??
    (code === undefined ? asText(error['code']) : undefined) ??
    asText(availability?.['code']) ??
    asText(error['type']);
  const provider = asText(metadata['provider_name']);
  const message = errorMessage(body, error, metadata) ?? `HTTP status ${reply.status}`;
  const limitSource = asText(metadata['limit_source']);
  const signs: ErrorSigns = {
    status,
    type,
    limitSource,
    message,
    afterCommit: reply.afterCommit === true,
    isLookUp: reply.isLookUp,
  };
  const kind = errorKind(signs);
  const isRetryable = typeof availability?.['retryable'] === 'boolean' ? availability['retryable'] : isWorthRetrying(signs);

  const facts: ErrorFacts = {
    kind,
    code: isWrongAddress(signs) ? 'not-the-api' : type,
    status,
    provider,
    isRetryable,
    retryAfterMs: retryAfter(reply, metadata, availability),
    requestId: asText(body?.['id']) ?? reply.requestId,
    hints: errorHints(kind, signs, metadata, availability),
    wire: body?.['error'] ?? reply.body,
  };
  if (isWrongAddress(signs)) return new OrxError(`there is no API at this address (HTTP ${reply.status}: ${message})`, facts);
  return new OrxError(provider === undefined || message.startsWith(provider) ? message : `${provider}: ${message}`, facts);
}

/** A status as a number or as its digits. */
function asStatus(value: unknown): number | undefined {
  return asNumber(value) ?? (typeof value === 'string' && /^[1-5]\d\d$/.test(value) ? Number(value) : undefined);
}
