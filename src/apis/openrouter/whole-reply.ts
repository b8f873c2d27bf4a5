import { OrxError } from '../../errors.ts';
import type { WireItem } from './decode-stream.ts';
import { asArray, asObject } from './wire-value.ts';

/**
 * A whole reply as the one batch of a stream, so that one decoder reads both. The API keeps the connection alive with white space before
 * the JSON. Throws OrxError: `network` for a body that is no JSON (a captive portal, a wrong address, a cut), `provider` for one without an
 * answer.
 */
export function wholeReplyBatch(body: string, requestId: string | undefined): readonly WireItem[] {
  const data = body.trim();
  const wire = parseReply(data, requestId);
  if ((wire['error'] ?? undefined) === undefined && asArray(wire['choices']).length === 0) {
    throw new OrxError('the reply holds no answer', {
      kind: 'provider',
      code: 'empty-reply',
      isRetryable: true,
      requestId,
      hints: ['try again; if it stays so, check --base-url'],
    });
  }
  return [
    { type: 'data', data },
    { type: 'data', data: '[DONE]' },
  ];
}

/** A reply's JSON object, or an OrxError that says what came instead. */
export function parseReply(text: string, requestId?: string): Readonly<Record<string, unknown>> {
  try {
    const wire = asObject(JSON.parse(text));
    if (wire !== undefined) return wire;
  } catch (error) {
    throw notJson(text, requestId, error);
  }
  throw notJson(text, requestId, undefined);
}

function notJson(text: string, requestId: string | undefined, cause: unknown): OrxError {
  const trimmed = text.trimStart();
  if (trimmed.startsWith('<')) {
    return new OrxError('a web page answered instead of the API', {
      kind: 'network',
      code: 'not-the-api',
      requestId,
      hints: ['a network log-in page, a proxy, or a wrong address: check the network and --base-url'],
      cause,
    });
  }
  return new OrxError(trimmed === '' ? 'the reply is empty' : 'the reply is not complete JSON', {
    kind: 'network',
    code: 'stream-cut',
    isRetryable: true,
    requestId,
    hints: ['try again'],
    cause,
  });
}
