import { OrxError } from '../../errors.ts';
import type { WireItem } from '../dialect.ts';
import { parseReply } from '../wire/parse-reply.ts';
import { asArray } from '../wire/wire-value.ts';

/**
 * Returns a whole reply as a single batch, so that one decoder reads both forms. Accepts white space before the JSON, which the
 * API sends to keep the connection alive. Throws OrxError: kind `network` for a body that is not JSON (a captive portal, a wrong
 * URL, a cut connection), kind `provider` for a body without an answer.
 */
export function wholeReplyBatch(body: string, requestId: string | undefined): readonly WireItem[] {
  const data = body.trim();
  const wire = parseReply(data, requestId);
  // The decoder recognizes both.
  const isError = (wire['error'] ?? undefined) !== undefined || wire['object'] === 'error';
  if (!isError && asArray(wire['choices']).length === 0) {
    throw new OrxError('the response contains no message', {
      kind: 'provider',
      code: 'empty-reply',
      isRetryable: true,
      requestId,
      hints: ['try again; if it fails again, check the connection: orx auth status'],
    });
  }
  return [
    { type: 'data', data },
    { type: 'data', data: '[DONE]' },
  ];
}
