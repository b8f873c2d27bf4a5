import type { ErrorKind } from '../../../errors.ts';
import { DISABLED, type ErrorSigns, isDailyLimit, isModerated, isTooLong } from './error-kind.ts';
import { promptLength } from './prompt-length.ts';

/** The facts of an API error that decide orx's message. */
export interface ApiErrorSigns extends ErrorSigns {
  kind: ErrorKind;
  /** The prompt was rejected for its content, and the API states reasons. */
  hasReasons: boolean;
  /** The API's code for a model that is not available, such as `model_deprecated`. */
  availability: string | undefined;
  provider: string | undefined;
}

/** Returns a plain message for an API error. Returns undefined where the API's own message is better. */
export function plainWords(error: ApiErrorSigns): string | undefined {
  if (isModerated(error, error.hasReasons) && error.kind !== 'provider')
    return error.type === 'refusal' ? 'the model refused the prompt' : 'the prompt was blocked by moderation';
  switch (error.kind) {
    case 'authentication':
      return keyWords(error);
    case 'credits':
      return creditWords(error);
    case 'rate-limit':
      return limitWords(error);
    case 'no-endpoint':
      return modelWords(error);
    case 'usage':
      return isTooLong(error) ? lengthWords(error.message) : undefined;
    default:
      return undefined;
  }
}

function keyWords({ message, vendor }: ApiErrorSigns): string {
  const key = vendor === undefined ? 'the API key' : `the API key of ${vendor.label}`;
  if (DISABLED.test(message)) return `${key} is disabled`;
  if (/expired/i.test(message)) return `${key} has expired`;
  if (/missing|no (auth|api key|cookie)|not provide|required/i.test(message)) return `${key} is missing`;
  return `${key} was rejected`;
}

function creditWords({ limitSource, message, vendor }: ApiErrorSigns): string {
  if (limitSource === 'openrouter_in_flight_budget') return 'other requests in progress have reserved the balance';
  if (limitSource === 'openrouter_key_limit' || /key limit/i.test(message)) return 'the API key has reached its spending limit';
  if (limitSource !== undefined && /budget/.test(limitSource)) return 'a budget of the account is used up';
  return vendor === undefined ? 'not enough credits for this request' : `not enough credits at ${vendor.label}`;
}

function limitWords({ limitSource, message, provider }: ApiErrorSigns): string {
  if (isDailyLimit(limitSource, message))
    return provider === undefined ? 'the daily limit of free requests is used up' : `the daily limit of ${provider} is used up`;
  if (/free-models-per-min/i.test(message)) return 'too many free requests per minute';
  return provider === undefined ? 'too many requests' : `too many requests to ${provider}`;
}

function modelWords({ availability, status, message, type }: ApiErrorSigns): string | undefined {
  if (availability === 'model_deprecated' || /\b(deprecated|been removed|no longer available|retired)\b/i.test(message))
    return 'this model has been removed';
  if (availability === 'free_variant_ended') return 'the free variant of this model has ended';
  if (availability === 'model_not_found' || type === 'model_not_found' || /not a valid model id|does not exist/i.test(message))
    return 'unknown model';
  if (availability === 'region_restricted' || /\bregion\b|\bcountry\b/i.test(message))
    return 'this model is not available in your region';
  if (availability === 'privacy_restricted' || /data polic|privacy/i.test(message))
    return 'no provider matches the data policy of this request';
  if (/guardrail/i.test(message)) return 'a guardrail of the account blocked this request';
  if (/agentic harness/i.test(message)) return 'this free model is only available to agents';
  if (status === 403) return 'the API key is not allowed to do this';
  if (availability === 'model_unavailable_upstream') return 'this model is not available at any provider';
  const isFiltered = availability === 'constraint_filtered' || availability === 'no_endpoints';
  return isFiltered || /no (endpoints?|allowed providers|providers)|all providers/i.test(message)
    ? 'no provider can serve this request'
    : undefined;
}

function lengthWords(message: string): string {
  const { over, mostAnswer } = promptLength(message) ?? {};
  if (over === undefined) return 'the prompt is too long for this model';
  const tokens = over === 1 ? '1 token' : `${over.toLocaleString('en-US')} tokens`;
  return mostAnswer === undefined
    ? `the prompt is ${tokens} too long for this model`
    : `the prompt and the longest answer are ${tokens} too long for this model`;
}
