import type { IncomingMessage } from 'node:http';
import type { Readable, Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { OrxError } from '../errors.ts';
import { badRequest } from './bad-request.ts';

const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};
/** The value of `accept-encoding` in a reply with status 415. */
export const ACCEPTED_ENCODINGS = 'gzip, deflate, br';

/** Returns the name of the encoding of a request body. Undefined: it is not encoded. */
export function bodyEncoding({ headers }: IncomingMessage): string | undefined {
  const name = headers['content-encoding']?.trim().toLowerCase();
  return name === '' || name === 'identity' ? undefined : name;
}

/**
 * Returns the decompressed body of a request. Destroy it to stop early; the rest of the request is then dropped. Throws status 415 for an encoding
 * that orx does not decode. zstd is one of them, because Node 20 does not have it.
 */
export function unpackedRequest(request: IncomingMessage, encoding: string): Readable {
  const create = Object.hasOwn(DECODERS, encoding) ? DECODERS[encoding] : undefined;
  if (create === undefined)
    throw new OrxError(`the request body has the content encoding ${encoding}; use one of ${ACCEPTED_ENCODINGS}`, {
      kind: 'usage',
      code: 'unsupported_media_type',
      status: 415,
    });
  const unpacked = create();
  // Not `pipeline`: it would destroy the request, and with it the connection that the reply needs.
  request.pipe(unpacked);
  request.on('error', (error) => unpacked.destroy(error));
  unpacked.on('close', () => request.unpipe(unpacked).resume());
  return unpacked;
}

/** Returns status 400 for a failure of the decompression, and any other error unchanged. */
export function unpackFailure(error: unknown, encoding: string): unknown {
  const isOfPacking = error instanceof Error && /^(?:Z_|ERR_)/.test((error as NodeJS.ErrnoException).code ?? '');
  return isOfPacking ? badRequest(`the request body is not valid ${encoding} data, or is incomplete`) : error;
}
