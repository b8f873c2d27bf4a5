import { bytesText } from '../text/bytes.ts';
import { OrxError } from '../errors.ts';
import { CHECK_BASE_URL } from '../hints.ts';

/** Reads a whole body as UTF-8 text. Throws OrxError (network, `too-large`) beyond `maxBytes`. */
export async function readText(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<string> {
  return (await readBytes(body, maxBytes)).toString('utf8');
}

/** Reads the first `maxBytes` of a body and discards the rest. */
export async function readStart(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of body) {
    pieces.push(piece);
    size += piece.length;
    if (size >= maxBytes) break;
  }
  return Buffer.concat(pieces).subarray(0, maxBytes);
}

/** Reads a whole body. Throws OrxError (network, `too-large`) beyond `maxBytes`. */
export async function readBytes(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of body) {
    size += piece.length;
    if (size > maxBytes) {
      throw new OrxError(`the response is larger than ${bytesText(maxBytes)}`, {
        kind: 'network',
        code: 'too-large',
        hints: [CHECK_BASE_URL],
      });
    }
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/**
 * Reads until `least` bytes of a body have arrived, or to its end. Returns these bytes, and a body that still begins with them.
 * `skipSpace` drops leading ASCII white space of any length.
 */
export async function startOf(
  body: AsyncIterable<Uint8Array>,
  least: number,
  { skipSpace = false } = {},
): Promise<{ start: Uint8Array; body: AsyncIterable<Uint8Array> }> {
  const iterator = body[Symbol.asyncIterator]();
  let start: Uint8Array = Buffer.alloc(0);
  while (start.length < least) {
    const { done, value } = await iterator.next();
    if (done === true) break;
    const piece = skipSpace && start.length === 0 ? value.subarray(firstOf(value)) : value;
    start = start.length === 0 ? piece : Buffer.concat([start, piece]);
  }
  let isFirst = start.length > 0;
  const whole: AsyncIterableIterator<Uint8Array> = {
    [Symbol.asyncIterator]: () => whole,
    next() {
      if (!isFirst) return iterator.next();
      isFirst = false;
      return Promise.resolve({ done: false, value: start });
    },
    return: async () => (await iterator.return?.()) ?? { done: true, value: undefined },
  };
  return { start, body: whole };
}

/** Returns the index of the first byte that is not white space. */
function firstOf(bytes: Uint8Array): number {
  const index = bytes.findIndex((byte) => byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09);
  return index === -1 ? bytes.length : index;
}
