import { OrxError } from '../errors.ts';

/** Reads a whole body as UTF-8 text. Throws OrxError (network, `too-large`) beyond `maxBytes`. */
export async function readText(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<string> {
  return (await readBytes(body, maxBytes)).toString('utf8');
}

/** Reads the first `maxBytes` of a body, or all of it, and drops the rest. */
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
      throw new OrxError(`the reply is larger than ${maxBytes} bytes`, {
        kind: 'network',
        code: 'too-large',
        hints: ['check --base-url'],
      });
    }
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
