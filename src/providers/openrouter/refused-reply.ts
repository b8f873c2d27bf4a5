import { OrxError } from '../../errors.ts';
import type { HttpResponse } from '../../http/client.ts';
import { readStart } from '../../http/read-body.ts';
import { decodeApiError } from './decode-error.ts';
import { contentEncoding, unzip } from './packed-reply.ts';
import { asObject, type WireObject } from './wire-value.ts';

const MAX_ERROR_BYTES = 1024 * 1024;

/**
 * What a reply other than 200 means. It is read as far as its status allows, and let go. `onUsage` is told the usage that a refusal may hold: what
 * failed may have been billed all the same.
 */
export async function refusedReply(
  response: HttpResponse,
  now: () => number,
  onUsage?: (usage: WireObject) => void,
): Promise<OrxError> {
  const { status, headers } = response;
  const requestId = headers['x-generation-id'];
  if (status >= 300 && status < 400) {
    response.cancel();
    return new OrxError(`the API sends on to another address (HTTP ${status}: ${headers['location'] ?? 'no address'})`, {
      kind: 'network',
      code: 'redirect',
      status,
      requestId,
      hints: ['orx does not follow, because the key would travel along; if that address is right, set it: --base-url'],
    });
  }
  const text = await errorBody(response);
  const body = parseErrorBody(text, status);
  const usage = asObject(asObject(body)?.['usage']);
  if (usage !== undefined) onUsage?.(usage);
  return decodeApiError({ status, body, headers, requestId, now: now() });
}

/** As much of a refusal as can be had: whatever its body is like, its status says what there is to do. */
async function errorBody(response: HttpResponse): Promise<string> {
  const bytes = await readStart(response.body, MAX_ERROR_BYTES).catch((error: unknown) => {
    if (error instanceof OrxError && error.kind === 'network') return Buffer.alloc(0);
    throw error;
  });
  response.cancel();
  const encoding = contentEncoding(response);
  if (encoding === undefined) return bytes.toString('utf8');
  return encoding === 'gzip' ? unzip(bytes).catch(() => '') : '';
}

function parseErrorBody(text: string, status: number): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A proxy or an edge server answers with a page of its own: the status says what there is to say.
    return { error: { message: `HTTP status ${status} from the server, without an explanation` } };
  }
}
