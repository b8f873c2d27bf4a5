import { OrxError } from '../../errors.ts';
import type { HttpResponse } from '../../http/client.ts';

/** The largest body that is taken, unpacked. */
export const MAX_JSON_BYTES = 64 * 1024 * 1024;

/** How a reply is packed; undefined when it is not. */
export function contentEncoding({ headers }: HttpResponse): string | undefined {
  const name = (headers['content-encoding'] ?? '').trim().toLowerCase();
  if (name === '' || name === 'identity') return undefined;
  return name === 'x-gzip' ? 'gzip' : name;
}

/** For a reply that is packed in a way that nobody asked for. Lets go of it. */
export function badEncoding(response: HttpResponse, encoding: string): OrxError {
  response.cancel();
  return new OrxError(`the reply is packed in a way that orx did not ask for (content-encoding: ${encoding.slice(0, 40)})`, {
    kind: 'network',
    code: 'bad-encoding',
    status: response.status,
    requestId: response.headers['x-generation-id'],
    hints: ['something between here and the API packs replies: check --base-url and --proxy'],
  });
}

/** A small reply must not unfold into all the memory there is. Throws kind `network`. */
export async function unzip(bytes: Uint8Array): Promise<string> {
  const { gunzipSync } = await import('node:zlib');
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_JSON_BYTES }).toString('utf8');
  } catch (error) {
    throw new OrxError('the reply cannot be unpacked', {
      kind: 'network',
      code: 'bad-encoding',
      hints: ['check --base-url and --proxy'],
      cause: error,
    });
  }
}
