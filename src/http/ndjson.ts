import { StringDecoder } from 'node:string_decoder';
import { OrxError } from '../errors.ts';
import type { SseItem } from './sse.ts';

/** In UTF-16 units. A line may contain a base64 image; a longer line is not a valid answer. */
const MAX_LINE_SIZE = 64 * 1024 * 1024;

/**
 * Yields lines of NDJSON from bytes in one pass: each batch holds the lines that one piece of the body completed, without blank
 * lines. UTF-8 sequences may be split between pieces. A last line without a line end is yielded too, marked as unterminated.
 */
export async function* ndjsonBatches(body: AsyncIterable<Uint8Array>): AsyncGenerator<readonly SseItem[], void, undefined> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const piece of body) {
    const text = decoder.write(Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength));
    const end = text.lastIndexOf('\n');
    if (end === -1) {
      rest += text;
      if (rest.length > MAX_LINE_SIZE) throw tooLarge();
      continue;
    }
    const batch = itemsOf(rest + text.slice(0, end));
    rest = text.slice(end + 1);
    if (batch.length > 0) yield batch;
  }
  const last = itemsOf(rest + decoder.end());
  if (last.length > 0) yield last.map((item) => ({ ...item, isUnterminated: true }));
}

function itemsOf(text: string): { type: 'data'; data: string }[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((data) => ({ type: 'data', data }));
}

function tooLarge(): OrxError {
  return new OrxError(`a line of the response is larger than the maximum of ${MAX_LINE_SIZE / 1024 / 1024} MB`, {
    kind: 'network',
    code: 'too-large',
    hints: ['the part that arrived is kept'],
  });
}
