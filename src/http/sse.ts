import { StringDecoder } from 'node:string_decoder';
import { createParser } from 'eventsource-parser';
import { OrxError } from '../errors.ts';

/** What a stream of server-sent events holds: data (lines of one event joined by newlines) and comments. */
export type SseItem =
  | {
      type: 'data';
      data: string;
      /** The name of the event, where it has one. */
      event?: string | undefined;
      /** The stream ended before this event's blank line. */
      isUnterminated?: true;
    }
  | { type: 'comment' };

/** One event may hold an image in base64; anything beyond is not an answer. In UTF-16 units. */
const MAX_EVENT_SIZE = 64 * 1024 * 1024;

/**
 * Server-sent events from bytes, in one pass: each batch holds what one piece of the body completed. Line ends may be LF, CR or
 * CRLF in any mix, a BOM and split UTF-8 sequences are handled, and a last event without its blank line is given as well, marked
 * as unterminated. Fields other than `data` and `event` are dropped: no API uses them.
 */
export async function* sseBatches(body: AsyncIterable<Uint8Array>): AsyncGenerator<readonly SseItem[], void, undefined> {
  let batch: SseItem[] = [];
  const parser = createParser({
    maxBufferSize: MAX_EVENT_SIZE,
    onEvent: ({ data, event }) => batch.push(event === undefined ? { type: 'data', data } : { type: 'data', data, event }),
    onComment: () => batch.push({ type: 'comment' }),
    onError: (error) => {
      // Unknown fields and bad retry values are to be ignored by the specification; a full buffer is the end.
      if (error.type === 'max-buffer-size-exceeded') {
        throw new OrxError(`one event of the stream is larger than orx accepts (${MAX_EVENT_SIZE / 1024 / 1024} MB)`, {
          kind: 'network',
          code: 'too-large',
          hints: ['what had arrived before it is not lost'],
          cause: error,
        });
      }
    },
  });
  // Unlike TextDecoder it makes strings of one byte a character where that is enough.
  const decoder = new StringDecoder('utf8');
  let isFirst = true;
  const feed = (text: string): void => {
    if (text === '') return;
    parser.feed(isFirst && text.startsWith('\ufeff') ? text.slice(1) : text);
    isFirst = false;
  };
  for await (const piece of body) {
    feed(decoder.write(asBuffer(piece)));
    if (batch.length > 0) {
      yield batch;
      batch = [];
    }
  }
  feed(`${decoder.end()}\n\n`);
  if (batch.length > 0) yield batch.map((item) => (item.type === 'data' ? { ...item, isUnterminated: true } : item));
}

function asBuffer(piece: Uint8Array): Buffer {
  return Buffer.isBuffer(piece) ? piece : Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
}
