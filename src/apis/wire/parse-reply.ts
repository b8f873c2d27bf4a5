import { OrxError } from '../../errors.ts';
import { asObject } from './wire-value.ts';

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
