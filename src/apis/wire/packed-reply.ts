import type { Transform } from 'node:stream';
import { OrxError } from '../../errors.ts';
import { CHECK_CONNECTION } from '../../hints.ts';
import type { HttpResponse } from '../../http/exchange.ts';
import { startOf } from '../../http/read-body.ts';

/** Maximum size of a body after decompression. */
export const MAX_JSON_BYTES = 64 * 1024 * 1024;

/** Returns the content encoding of a reply, or undefined when it is not encoded. */
export function contentEncoding({ headers }: HttpResponse): string | undefined {
  const name = (headers['content-encoding'] ?? '').trim().toLowerCase();
  if (name === '' || name === 'identity') return undefined;
  return name === 'x-gzip' ? 'gzip' : name;
}

/** Returns the error for a content encoding that orx did not request, and cancels the reply. */
export function badEncoding(response: HttpResponse, encoding: string): OrxError {
  response.cancel();
  return new OrxError(`unsupported content encoding: ${encoding.slice(0, 40)}`, {
    kind: 'network',
    code: 'bad-encoding',
    status: response.status,
    requestId: response.headers['x-generation-id'],
    hints: ['a proxy may compress responses; check the proxy: orx config get proxy'],
  });
}

/**
 * Returns the body of an answer, decompressed as it arrives. orx does not request compression, but a compressed answer has been
 * paid for: gzip, deflate and br are supported. A body that is not gzip despite its header is returned unchanged. Throws kind
 * `network`.
 */
export async function unpackedBody(response: HttpResponse): Promise<AsyncIterable<Uint8Array>> {
  const encoding = contentEncoding(response);
  if (encoding === undefined) return response.body;
  const [zlib, { pipeline, Readable }] = await Promise.all([import('node:zlib'), import('node:stream')]);
  const makers: Readonly<Record<string, () => Transform>> = {
    gzip: zlib.createGunzip,
    deflate: zlib.createInflate,
    br: zlib.createBrotliDecompress,
  };
  const make = Object.hasOwn(makers, encoding) ? makers[encoding] : undefined;
  if (make === undefined) throw badEncoding(response, encoding);
  const { start, body } = await startOf(response.body, 2);
  if (encoding === 'gzip' && !(start[0] === 0x1f && start[1] === 0x8b)) return body;
  const unpacked = make();
  // A failure of the body ends the decompressed stream with the same error.
  pipeline(Readable.from(body, { objectMode: false }), unpacked, () => undefined);
  return readUnpacked(unpacked);
}

async function* readUnpacked(unpacked: Transform): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    for await (const piece of unpacked) yield piece as Uint8Array;
  } catch (error) {
    const isOfPacking = error instanceof Error && /^(Z_|ERR_)/.test((error as NodeJS.ErrnoException).code ?? '');
    throw isOfPacking ? notUnpackable(error) : error;
  }
}

/** Decompresses a body with a size limit, so that a small reply cannot fill the memory. Throws kind `network`. */
export async function unzip(bytes: Uint8Array): Promise<string> {
  const { gunzipSync } = await import('node:zlib');
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_JSON_BYTES }).toString('utf8');
  } catch (error) {
    throw notUnpackable(error);
  }
}

function notUnpackable(cause: unknown): OrxError {
  const isCut = cause instanceof Error && (cause as NodeJS.ErrnoException).code === 'Z_BUF_ERROR';
  return new OrxError(isCut ? 'the compressed response was cut off' : 'cannot decompress the response', {
    kind: 'network',
    code: isCut ? 'stream-cut' : 'bad-encoding',
    hints: [CHECK_CONNECTION],
    cause,
  });
}
