import { type ErrorFacts, type ErrorKind, OrxError } from '../../errors.ts';
import { asArray, asNumber, asObject, asText, type WireObject } from './wire-value.ts';

/** A reply that says no, with or without HTTP's help. */
export interface FailedReply {
  /** HTTP status; 200 when the error came in a good reply's body or stream. */
  status: number;
  /** The parsed body or chunk that holds `error`. */
  body: unknown;
  headers?: Readonly<Record<string, string>> | undefined;
  requestId?: string | undefined;
  /** A provider had accepted the request already: whatever the code says, the answer broke. */
  afterCommit?: boolean | undefined;
  /** Wall clock in ms, to turn a reset time into a wait; without it such a time is not used. */
  now?: number | undefined;
}

/** Turns the API's error object, in any of its shapes, into the facts that orx acts on. Source: the API's error reference. */
export function decodeApiError(reply: FailedReply): OrxError {
  const body = asObject(reply.body);
  const error = asObject(body?.['error']) ?? (typeof body?.['error'] === 'string' ? { message: body['error'] } : {});
  const metadata = asObject(error['metadata']) ?? {};
  const availability = asObject(error['availability']) ?? asObject(body?.['availability']);
  const code = asNumber(error['code']) ?? asNumber(error['http_status']);
  const status = code ?? (reply.status === 200 ? undefined : reply.status);
  const type =
    asText(metadata['error_type']) ?? asText(error['error_type']) ?? asText(error['code']) ?? asText(availability?.['code']);
  const provider = asText(metadata['provider_name']);
  const message = errorMessage(error, metadata) ?? `HTTP status ${reply.status}`;
  const limitSource = asText(metadata['limit_source']);
  const kind = errorKind(status, type, limitSource, message, reply.afterCommit === true);
  const isRetryable =
    typeof availability?.['retryable'] === 'boolean' ? availability['retryable'] : isWorthRetrying(status, limitSource, message);

  const facts: ErrorFacts = {
    kind,
    code: type,
    status,
    provider,
    isRetryable,
    retryAfterMs: retryAfter(reply, metadata, availability),
    requestId: asText(body?.['id']) ?? reply.requestId,
    hints: hints(kind, type, limitSource, metadata, availability),
    wire: body?.['error'] ?? reply.body,
  };
  return new OrxError(provider === undefined || message.startsWith(provider) ? message : `${provider}: ${message}`, facts);
}

function errorKind(
  status: number | undefined,
  type: string | undefined,
  limitSource: string | undefined,
  message: string,
  afterCommit: boolean,
): ErrorKind {
  if (limitSource !== undefined && /credit|budget|key_limit/.test(limitSource)) return 'credits';
  if (status === 402 || type === 'payment_required') return 'credits';
  if (status === 429 || type === 'rate_limit_exceeded') return 'rate-limit';
  if (type === 'content_policy_violation' || type === 'refusal') return 'no-endpoint';
  if (status === 401) return 'authentication';
  // A spent key limit has the status of a missing permission, and older replies tell it only in words.
  if (status === 403) return /^key limit exceeded/i.test(message) ? 'credits' : 'no-endpoint';
  if (afterCommit) return 'provider';
  if (status === 404 || /is not a valid model id/i.test(message) || type === 'model_not_found') return 'no-endpoint';
  if (status !== undefined && status >= 400 && status < 500 && status !== 408) return 'usage';
  return 'provider';
}

function isWorthRetrying(status: number | undefined, limitSource: string | undefined, message: string): boolean {
  if (limitSource === 'openrouter_in_flight_budget') return true;
  // A daily limit does not pass within a request's patience.
  if (status === 429) return limitSource !== 'openrouter_free_tier_daily' && !/per-day/.test(message);
  return status === 408 || (status !== undefined && status >= 500 && status !== 501);
}

/** "Provider returned error" hides the reason in `raw`: text, JSON text or an object, nested as deep as it likes. */
function errorMessage(error: WireObject, metadata: WireObject): string | undefined {
  const own = asText(error['message']);
  const raw = digMessage(metadata['raw'], 0);
  if (raw === undefined) return own;
  return own === undefined || /^provider returned error$/i.test(own) ? raw : own;
}

function digMessage(value: unknown, depth: number): string | undefined {
  if (depth > 5) return undefined;
  if (typeof value === 'string') {
    const text = value.trim();
    if (!/^[{[]/.test(text)) return asText(text);
    try {
      return digMessage(JSON.parse(text), depth + 1) ?? text;
    } catch {
      return text;
    }
  }
  const object = asObject(value);
  for (const key of ['message', 'error', 'detail', 'details', 'msg']) {
    const found = digMessage(object?.[key], depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function retryAfter(reply: FailedReply, metadata: WireObject, availability: WireObject | undefined): number | undefined {
  const inner = asObject(metadata['headers']);
  const header = (name: string): string | undefined =>
    reply.headers?.[name.toLowerCase()] ?? asText(inner?.[name]) ?? asText(inner?.[name.toLowerCase()]);
  const exact = Number(header('retry-after-ms') ?? Number.NaN);
  if (exact >= 0) return exact;
  const wait = header('Retry-After');
  if (wait !== undefined && Number(wait) >= 0) return Number(wait) * 1000;
  const now = reply.now;
  if (wait !== undefined && now !== undefined && Number.isFinite(Date.parse(wait))) return Math.max(0, Date.parse(wait) - now);
  const seconds = asNumber(availability?.['retry_after']);
  if (seconds !== undefined && seconds >= 0) return seconds * 1000;
  // The API's own limiter names the moment of its reset, in milliseconds since 1970.
  const reset = Number(header('X-RateLimit-Reset') ?? Number.NaN);
  return now !== undefined && reset > 1e12 ? Math.max(0, reset - now) : undefined;
}

function hints(
  kind: ErrorKind,
  type: string | undefined,
  limitSource: string | undefined,
  metadata: WireObject,
  availability: WireObject | undefined,
): string[] {
  const lines: string[] = [];
  const add = (text: string | undefined): void => void (text !== undefined && lines.push(text));
  add(asText(metadata['remedy_hint']));
  const reasons = asArray(metadata['reasons']).filter((reason) => typeof reason === 'string');
  if (reasons.length > 0) lines.push(`flagged for: ${reasons.join(', ')}`);
  const excluded = asArray(availability?.['excluded_by']).filter((name) => typeof name === 'string');
  if (excluded.length > 0) lines.push(`excluded by: ${excluded.join(', ')}`);
  const others = asArray(availability?.['fallback_models']).filter((name) => typeof name === 'string');
  if (others.length > 0) lines.push(`models that would pass: ${others.join(', ')}`);
  add(kindHint(kind, type, limitSource));
  return lines.slice(0, 3);
}

function kindHint(kind: ErrorKind, type: string | undefined, limitSource: string | undefined): string | undefined {
  switch (kind) {
    case 'authentication':
      return 'log in again: orx auth login — where the key comes from: orx auth status';
    case 'credits':
      return limitSource === 'openrouter_in_flight_budget'
        ? 'other requests hold the balance at this moment: try again shortly'
        : 'add credits, raise the key limit, lower --max-tokens, or take a cheaper model: orx models --sort price';
    case 'rate-limit':
      return 'wait, or let another answer: --fallback a,b — free models have daily limits, the same model without :free has none';
    case 'no-endpoint':
      return 'see what there is: orx models --search … — loosen --only, --ignore, --max-price, --quantization or --data-policy';
    case 'usage':
      return type !== undefined && /context|token|too_long/.test(type)
        ? 'shorten the prompt, lower --max-tokens, or take a model with a longer context: orx models --sort context'
        : undefined;
    case 'provider':
      return 'try again, or let another answer: --fallback a,b';
    default:
      return undefined;
  }
}
