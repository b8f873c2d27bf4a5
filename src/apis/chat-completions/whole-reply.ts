import { OrxError } from '../../errors.ts';
import type { WireItem } from '../dialect.ts';
import { parseReply } from '../wire/parse-reply.ts';
import { asArray } from '../wire/wire-value.ts';

/**
 * A whole reply as the one batch of a stream, so that one decoder reads both. The API keeps the connection alive with white space before
 * the JSON. Throws OrxError: `network` for a body that is no JSON (a captive portal, a wrong address, a cut), `provider` for one without an
 * answer.
 */
export function wholeReplyBatch(body: string, requestId: string | undefined): readonly WireItem[] {
  const data = body.trim();
  const wire = parseReply(data, requestId);
  if ((wire['error'] ?? undefined) === undefined && asArray(wire['choices']).length === 0) {
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
