import { StringDecoder } from 'node:string_decoder';
import { createParser } from 'eventsource-parser';
import { OrxError } from '../errors.ts';

/** An item of an event stream: data (the lines of one event joined by newlines) or a comment. */
export type SseItem =
  | {
      type: 'data';
      data: string;
      /** The name of the event, if it has one. */
      event?: string | undefined;
      /** The stream ended before the blank line of this event. */
      isUnterminated?: true;
    }
  | { type: 'comment' };

/** In UTF-16 units. An event may contain a base64 image; a larger event is not a valid answer. */
const MAX_EVENT_SIZE = 64 * 1024 * 1024;

/**
 * Yields server-sent events from bytes in one pass: each batch holds what one piece of the body completed. Accepts LF, CR and
 * CRLF line ends in any mix, a BOM, and split UTF-8 sequences. A last event without its blank line is yielded too, marked as
 * unterminated. Drops fields other than `data` and `event`, because no API uses them.
 */
export async function* sseBatches(body: AsyncIterable<Uint8Array>): AsyncGenerator<readonly SseItem[], void, undefined> {
  let batch: SseItem[] = [];
  const parser = createParser({
    maxBufferSize: MAX_EVENT_SIZE,
    onEvent: ({ data, event }) => batch.push(event === undefined ? { type: 'data', data } : { type: 'data', data, event }),
    onComment: () => batch.push({ type: 'comment' }),
    onError: (error) => {
      // The specification requires unknown fields and bad retry values to be ignored. Only a full buffer is an error.
      if (error.type === 'max-buffer-size-exceeded') {
        throw new OrxError(`an event of the stream is larger than the maximum of ${MAX_EVENT_SIZE / 1024 / 1024} MB`, {
          kind: 'network',
          code: 'too-large',
          hints: ['the part that arrived is kept'],
          cause: error,
        });
      }
    },
  });
  // Unlike TextDecoder, StringDecoder creates one-byte strings when they suffice.
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
