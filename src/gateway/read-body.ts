import { bytesText } from '../text/bytes.ts';
import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { OrxError } from '../errors.ts';
import { withoutMark } from '../text/utf8.ts';
import { badRequest } from './bad-request.ts';

/**
 * Returns the body as text. Throws status 413 as soon as it is known to be longer than `maxBytes`; the rest is dropped until
 * Node's own limit for the duration of a request ends it.
 */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<string> {
  return new Promise((resolve, reject) => {
    if (Number(request.headers['content-length'] ?? 0) > maxBytes) return reject(tooLarge(maxBytes));
    const pieces: Buffer[] = [];
    let bytes = 0;
    const onData = (piece: Buffer): void => {
      bytes += piece.length;
      if (bytes > maxBytes) {
        request.off('data', onData);
        pieces.length = 0;
        request.resume();
        return reject(tooLarge(maxBytes));
      }
      pieces.push(piece);
    };
    request.on('data', onData);
    request.on('end', () => {
      const body = Buffer.concat(pieces);
      if (isUtf8(body)) resolve(withoutMark(body.toString('utf8')));
      else reject(badRequest('the request body is not UTF-8 text'));
    });
    request.on('error', reject);
  });
}

function tooLarge(maxBytes: number): OrxError {
  return new OrxError(`the request body is larger than ${bytesText(maxBytes)}`, {
    kind: 'usage',
    code: 'payload_too_large',
    status: 413,
  });
}
