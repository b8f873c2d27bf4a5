import type { OrxError } from '../errors.ts';
import { refusal } from './refusals.ts';
import type { SpecialName } from './special-models.ts';

/** Returns the error with which a special model rejects a request before its first byte, or undefined. */
export function specialRefusal(special: SpecialName | undefined, prompt: string, isFirstTime: boolean): OrxError | undefined {
  switch (special) {
    case 'rate-limit':
      return refusal({
        code: 429,
        message: 'Provider returned error',
        metadata: {
          error_type: 'rate_limit_exceeded',
          limit_source: 'upstream_provider_shared_pool',
          provider_name: 'Sandbox',
          raw: 'sandbox/rate-limit is rate limited. Please retry shortly.',
          headers: { 'X-RateLimit-Limit': '1', 'X-RateLimit-Remaining': '0' },
        },
        availability: { code: 'capacity_exhausted', retryable: true, retry_after: 1, requested_models: ['sandbox/rate-limit'] },
        headers: { 'retry-after': '1' },
      });
    case 'no-credits':
      return refusal({
        code: 402,
        message:
          'This request requires more credits, or fewer max_tokens. You requested up to 16384 tokens, but can only afford 12.',
        metadata: { error_type: 'payment_required', limit_source: 'openrouter_credits', provider_name: null },
      });
    case 'moderated':
      return refusal({
        code: 403,
        message:
          'sandbox/moderated requires moderation on Sandbox. Your input was flagged for "simulated". No credits were charged.',
        metadata: {
          error_type: 'permission_denied',
          reasons: ['simulated'],
          flagged_input: [...prompt].slice(0, 100).join(''),
          provider_name: 'Sandbox',
          model_slug: 'sandbox/moderated',
        },
      });
    case 'always-down':
      return refusal({
        code: 502,
        message: 'Provider returned error',
        metadata: { error_type: 'provider_unavailable', provider_name: 'Sandbox', raw: 'connection refused (simulated)' },
      });
    case 'fails-once':
      return isFirstTime
        ? refusal({
            code: 503,
            message: 'Provider returned error',
            metadata: {
              error_type: 'provider_overloaded',
              provider_name: 'Sandbox',
              raw: 'overloaded (simulated): the next request will succeed',
            },
            availability: { code: 'temporarily_unavailable', retryable: true, requested_models: ['sandbox/fails-once'] },
          })
        : undefined;
    default:
      return undefined;
  }
}
