import type { ErrorFacts, ErrorKind } from '../../../errors.ts';
import type { Vendor } from '../../vendors.ts';

/** The facts of an error that decide its kind. */
export interface ErrorSigns {
  status: number | undefined;
  /** The API's name of the error, such as `context_length_exceeded`. */
  type: string | undefined;
  limitSource: string | undefined;
  message: string;
  /** A provider had already accepted the request: whatever the code says, the answer broke off. */
  afterCommit: boolean;
  /** The request asked for information (models, prices, the key) instead of an answer. */
  isLookUp?: boolean | undefined;
  /** The vendor, for a direct request. */
  vendor?: Vendor | undefined;
}

const BAD_KEY =
  /\b(invalid|incorrect|expired|missing|wrong)\b.{0,30}\b(api[ -]?key|x-api-key|subscription key|credentials)|api key .{0,20}(not valid|invalid)|^unauthorized$|^authentication fails/i;
const TOO_LONG =
  /context[ _](length|window|limit|size)|too many (prompt )?tokens|(prompt|input) (is )?too long|maximum (context|prompt length|number of tokens)|input tokens exceed|messages is too long|too_many_(prompt_)?tokens|token_limit|max_tokens_exceeded|string_too_long/i;
const MODERATED = /\b(moderation|flagged|content[ _-]polic|content management polic)/i;
const MODERATION_TYPES: ReadonlySet<string | undefined> = new Set(['content_policy_violation', 'content_filter', 'refusal']);
/** The owner of the key or the API has turned it off. */
export const DISABLED = /disabled|deactivated|revoked|suspended/i;
/** Messages of servers that do not have the path. */
const NO_PATH =
  /^(http )?(404|405)?[ :.-]*(page |route |path |url |resource )?(not found|not allowed|method not allowed)\.?$|^cannot (post|get) \/|invalid url|unknown (request )?url|no route/i;

/** Errors of OpenAI, Moonshot and xAI for an account without credits, with the status of too many requests. */
const NO_QUOTA = /^(insufficient_quota|billing_hard_limit_reached|exceeded_current_quota_error) |used all available credits/i;

/** Returns orx's kind of an error reply, which decides the exit code and what routing does next. */
export function errorKind(signs: ErrorSigns): ErrorKind {
  const { status, type, limitSource, message, afterCommit } = signs;
  if (limitSource !== undefined && /credit|budget|key_limit/.test(limitSource)) return 'credits';
  if (status === 402 || type === 'payment_required' || isQuotaSpent(signs)) return 'credits';
  if (status === 429 || /^rate_?limit/i.test(type ?? '')) return 'rate-limit';
  if (type === 'content_policy_violation' || type === 'refusal') return 'no-endpoint';
  if (isWrongAddress(signs)) return 'network';
  if (isBadKey(signs)) return 'authentication';
  // An exhausted key limit has the status of a missing permission; older replies state it only in the message.
  if (status === 403) return /^key limit exceeded/i.test(message) ? 'credits' : 'no-endpoint';
  if (afterCommit) return 'provider';
  if (status === 404 || /is not a valid model id/i.test(message) || type === 'model_not_found') return 'no-endpoint';
  if (status !== undefined && status >= 400 && status < 500 && status !== 408) return 'usage';
  return 'provider';
}

/** Returns whether the key is invalid; some services report it with a status that means a bad request. */
export function isBadKey({ status, type, message, afterCommit }: ErrorSigns): boolean {
  if (status === 401) return true;
  if (afterCommit || status === undefined || status < 400 || status > 403) return false;
  return /^(authentication|authentication_error|invalid_api_key|unauthorized)$/.test(type ?? '') || BAD_KEY.test(message);
}

/** Returns whether a key that was valid is not any more: logging in with it again does not help. */
export function isKeyOver(message: string): boolean {
  return DISABLED.test(message) || /expired/i.test(message);
}

/** Returns whether the prompt and the answer exceed the model's context. */
export function isTooLong({ type, message }: ErrorSigns): boolean {
  return TOO_LONG.test(type ?? '') || TOO_LONG.test(message);
}

/** Returns whether the prompt was rejected for its content: other providers do not help. */
export function isModerated({ type, message }: ErrorSigns, hasReasons: boolean): boolean {
  return hasReasons || MODERATION_TYPES.has(type) || MODERATED.test(message);
}

/**
 * Returns the reason if the model rejects the request at every provider. Undefined for other failures: a limit of tokens per
 * minute is not a limit of the model.
 */
export function refusalReason(signs: ErrorSigns, hasReasons: boolean): ErrorFacts['reason'] {
  const { status } = signs;
  if (status !== undefined && ![400, 403, 413, 422].includes(status)) return undefined;
  if (isModerated(signs, hasReasons)) return 'content-policy';
  return isTooLong(signs) ? 'context-length' : undefined;
}

function isQuotaSpent({ status, type, message }: ErrorSigns): boolean {
  return status === 429 && NO_QUOTA.test(`${type} ${message}`);
}

/** Returns whether a server does not know the path: it is not the API, or the URL is incomplete. */
export function isWrongAddress({ status, message, afterCommit }: ErrorSigns): boolean {
  return !afterCommit && (status === 404 || status === 405) && NO_PATH.test(message.trim());
}

/** Returns whether the same request may succeed soon. */
export function isWorthRetrying(signs: ErrorSigns): boolean {
  const { status, limitSource, message } = signs;
  if (isQuotaSpent(signs)) return false;
  if (limitSource === 'openrouter_in_flight_budget') return true;
  // A daily limit does not end while a request retries.
  if (status === 429) return !isDailyLimit(limitSource, message);
  return status === 408 || (status !== undefined && status >= 500 && status !== 501);
}

export function isDailyLimit(limitSource: string | undefined, message: string): boolean {
  return limitSource === 'openrouter_free_tier_daily' || /PerDay/.test(limitSource ?? '') || /per-day/.test(message);
}
