import { type ErrorFacts, OrxError } from '../../../errors.ts';
import { errorHints } from './error-hints.ts';
import { errorKind, type ErrorSigns, isDailyLimit, isWorthRetrying, isWrongAddress, refusalReason } from './error-kind.ts';
import { errorMessage } from './error-message.ts';
import type { FailedReply } from './failed-reply.ts';
import { plainWords } from './plain-words.ts';
import { requestRate } from '../limits/request-rate.ts';
import { limitHeaders, retryAfter } from '../limits/retry-after.ts';
import { asArray, asNumber, asObject, asObjects, asText } from '../wire-value.ts';
import { anyText } from '../../../text/any-text.ts';
import { isDeeperThan } from '../../../text/json-depth.ts';

/** Converts the API's error object, in any of its forms, to an OrxError. Source: the API's error reference. */
export function decodeApiError(reply: FailedReply): OrxError {
  // Google wraps some of its errors in a list.
  const body = asObject(reply.body) ?? asObjects(reply.body)[0];
  const error = asObject(body?.['error']) ?? (typeof body?.['error'] === 'string' ? { message: body['error'] } : {});
  const metadata = asObject(error['metadata']) ?? {};
  const availability = asObject(error['availability']) ?? asObject(body?.['availability']);
  const code = asStatus(error['code']) ?? asNumber(error['http_status']);
  const type =
    asText(metadata['error_type']) ??
    asText(error['error_type']) ??
    asText(body?.['error_type']) ??
    (code === undefined ? asText(error['code']) : undefined) ??
    asText(availability?.['code']) ??
    asText(error['type']) ??
    asText(error['status']);
  const status = code ?? (reply.status === 200 ? statusOf(type) : reply.status);
  const provider = asText(metadata['provider_name']) ?? reply.vendor?.label;
  const message = errorMessage(body, error, metadata) ?? `HTTP status ${reply.status}`;
  const limitSource = asText(metadata['limit_source']) ?? quotaId(error['details']);
  const signs: ErrorSigns = {
    status,
    type,
    limitSource,
    message,
    afterCommit: reply.afterCommit === true,
    isLookUp: reply.isLookUp,
    vendor: reply.vendor,
  };
  const kind = errorKind(signs);
  const isRetryable = typeof availability?.['retryable'] === 'boolean' ? availability['retryable'] : isWorthRetrying(signs);

  const hasReasons = Array.isArray(metadata['reasons']) || metadata['flagged_input'] !== undefined;
  const facts: ErrorFacts = {
    kind,
    code: isWrongAddress(signs) ? 'not-the-api' : type,
    reason: refusalReason(signs, hasReasons),
    status,
    provider,
    isRetryable,
    retryAfterMs:
      retryAfter(reply, metadata, availability, message) ??
      retryDelay(error['details']) ??
      (kind === 'rate-limit' && isDailyLimit(limitSource, message) ? untilMidnight(reply) : undefined),
    rate: kind === 'rate-limit' ? requestRate(limitHeaders(reply, metadata), message) : undefined,
    requestId: asText(body?.['id']) ?? reply.requestId ?? asText(body?.['request_id']),
    hints: errorHints(kind, signs, metadata, availability),
    wire: errorWire(body?.['error'] ?? reply.body),
  };
  if (isWrongAddress(signs)) return new OrxError(`no API at this URL (HTTP ${reply.status}: ${message})`, facts);
  const said = provider === undefined || message.startsWith(provider) ? message : `${provider}: ${message}`;
  const what = plainWords({ ...signs, kind, hasReasons, availability: asText(availability?.['code']), provider });
  if (what === undefined) return new OrxError(said, facts);
  return new OrxError(what, { ...facts, why: provider !== undefined && what.includes(provider) ? message : said });
}

/** Errors of real servers have fewer levels, and some thousands would overflow the stack when the error is written. */
const DEEPEST_ERROR = 100;

/** Returns the error as its server has written it; undefined if it is nested too deeply. */
export function errorWire(wire: unknown): unknown {
  return isDeeperThan(wire, DEEPEST_ERROR) ? undefined : wire;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Statuses by the error types of Anthropic and, below them, OpenAI: an error in a stream has no HTTP status. */
const STATUSES: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  api_error: 500,
  timeout_error: 504,
  overloaded_error: 529,
  invalid_prompt: 400,
  insufficient_quota: 429,
  rate_limit_exceeded: 429,
  server_error: 500,
  internal_server_error: 500,
  server_is_overloaded: 503,
  service_unavailable: 503,
};

function statusOf(type: string | undefined): number | undefined {
  return type !== undefined && Object.hasOwn(STATUSES, type) ? STATUSES[type] : undefined;
}

/** Returns the wait of Google's RetryInfo, such as `27s`, in milliseconds. */
function retryDelay(details: unknown): number | undefined {
  for (const item of asArray(details)) {
    const [, seconds] = /^(\d{1,7}(?:\.\d{1,9})?)s$/.exec(asText(asObject(item)?.['retryDelay']) ?? '') ?? [];
    if (seconds !== undefined) return Math.ceil(Number(seconds) * 1000);
  }
  return undefined;
}

/** Returns the wait until OpenRouter's daily limits are reset: at 00:00 UTC. Undefined for a vendor. */
function untilMidnight({ now, vendor }: FailedReply): number | undefined {
  return now === undefined || vendor !== undefined ? undefined : DAY_MS - (now % DAY_MS);
}

/** Returns the name of Google's exhausted quota, such as `GenerateRequestsPerDayPerProjectPerModel-FreeTier`. */
function quotaId(details: unknown): string | undefined {
  const violations = asObjects(details).flatMap((detail) => asObjects(detail['violations']));
  return violations.map((violation) => asText(violation['quotaId'])).find((id) => id !== undefined);
}

/** Returns an HTTP status given as a number or as digits. Other numbers are the vendor's own codes. */
function asStatus(value: unknown): number | undefined {
  return /^[1-5]\d\d$/.test(anyText(value)) ? Number(value) : undefined;
}
