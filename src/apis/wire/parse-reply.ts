import { OrxError } from '../../errors.ts';
import { titleReason } from '../../text/page-title.ts';
import { asObject } from './wire-value.ts';

/** Parses the JSON object of a reply. Throws an OrxError that states what came instead. */
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
    const title = titleReason(trimmed);
    return new OrxError('received a web page instead of an API response', {
      kind: 'network',
      code: 'not-the-api',
      why: title,
      requestId,
      hints: ['check for a network login page, a proxy or a wrong base URL: orx config get base-url'],
      cause,
    });
  }
  return new OrxError(trimmed === '' ? 'the response is empty' : 'the response is incomplete JSON', {
    kind: 'network',
    code: 'stream-cut',
    isRetryable: true,
    requestId,
    hints: ['try again'],
    cause,
  });
}
