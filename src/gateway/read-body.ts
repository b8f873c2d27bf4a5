import { bytesText } from '../text/bytes.ts';
import { isUtf8 } from 'node:buffer';
import { OrxError } from '../errors.ts';
import { withoutMark } from '../text/utf8.ts';
import { badRequest } from './bad-request.ts';
import type { Exchange } from './exchange.ts';
import { ACCEPTED_ENCODINGS, bodyEncoding, unpackedRequest, unpackFailure } from './packed-body.ts';

/**
 * Returns the body as text, decompressed. Throws status 413 as soon as it is known to be longer than `maxBytes`, before or after decompression; the
 * rest is dropped until Node's own limit for the duration of a request ends it.
 */
export function readBody({ request, served, headers }: Pick<Exchange, 'request' | 'served' | 'headers'>): Promise<string> {
  const { maxBodyBytes: maxBytes } = served;
  return new Promise((resolve, reject) => {
    if (Number(request.headers['content-length'] ?? 0) > maxBytes) return reject(tooLarge(maxBytes));
    const encoding = bodyEncoding(request);
    if (encoding !== undefined) headers['accept-encoding'] = ACCEPTED_ENCODINGS;
    const source = encoding === undefined ? request : unpackedRequest(request, encoding);
    const pieces: Buffer[] = [];
    let bytes = 0;
    const onData = (piece: Buffer): void => {
      bytes += piece.length;
      if (bytes > maxBytes) {
        source.off('data', onData);
        pieces.length = 0;
        if (source === request) request.resume();
        else source.destroy();
        return reject(tooLarge(maxBytes));
      }
      pieces.push(piece);
    };
    source.on('data', onData);
    source.on('end', () => {
      const body = Buffer.concat(pieces);
      if (isUtf8(body)) resolve(withoutMark(body.toString('utf8')));
      else reject(badRequest('the request body is not UTF-8 text'));
    });
    source.on('error', (error) => reject(encoding === undefined ? error : unpackFailure(error, encoding)));
  });
}

function tooLarge(maxBytes: number): OrxError {
  return new OrxError(`the request body is larger than ${bytesText(maxBytes)}`, {
    kind: 'usage',
    code: 'payload_too_large',
    status: 413,
  });
}
