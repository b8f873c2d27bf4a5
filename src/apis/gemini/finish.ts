import { OrxError } from '../../errors.ts';
import { TRY_AGAIN_OR_FALLBACK } from '../../hints.ts';
import type { Vendor } from '../vendors.ts';

const LENGTH = new Set(['MAX_TOKENS', 'CONTINUATION']);
const FILTERED = new Set(['SAFETY', 'RECITATION', 'LANGUAGE', 'BLOCKLIST', 'PROHIBITED_CONTENT', 'SPII', 'MODEL_ARMOR']);
/** The model wrote an invalid call: another attempt may succeed. */
const BROKEN = new Set(['MALFORMED_FUNCTION_CALL', 'UNEXPECTED_TOOL_CALL', 'TOO_MANY_TOOL_CALLS', 'MALFORMED_RESPONSE']);

/**
 * Maps Google's finish reason to one of orx's. Google also reports STOP for answers with calls. Returns undefined for a failed
 * answer.
 */
export function geminiFinishReason(native: string, hasCalls: boolean): string | undefined {
  if (BROKEN.has(native)) return undefined;
  if (LENGTH.has(native)) return 'length';
  if (FILTERED.has(native) || native.startsWith('IMAGE_')) return 'content_filter';
  return hasCalls ? 'tool_calls' : 'stop';
}

/** Returns the error for an answer that Google ended because of a model failure. */
export function brokenAnswer(
  reason: string,
  detail: string | undefined,
  vendor: Vendor,
  requestId: string | undefined,
): OrxError {
  return new OrxError(`${vendor.label} stopped the response (${detail ?? reason})`, {
    kind: 'provider',
    code: reason,
    provider: vendor.label,
    isRetryable: true,
    requestId,
    hints: [TRY_AGAIN_OR_FALLBACK],
  });
}
