import { StringDecoder } from 'node:string_decoder';
import { createParser, type EventSourceParser } from 'eventsource-parser';
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
/** In bytes. V8 collects a string above 128 KB only with the whole heap, so the text of a large piece of the body would stay for long. */
const MOST_AT_ONCE = 16 * 1024;

/**
 * Yields server-sent events from bytes in one pass: each batch holds what one piece of the body completed. Accepts LF, CR and
 * CRLF line ends in any mix, a BOM, and split UTF-8 sequences. A last event without its blank line is yielded too, marked as
 * unterminated. Drops fields other than `data` and `event`, because no API uses them.
 */
export async function* sseBatches(body: AsyncIterable<Uint8Array>): AsyncGenerator<readonly SseItem[], void, undefined> {
  const reader = new SseReader();
  for await (const piece of body) {
    const batch = reader.read(piece);
    if (batch.length > 0) yield batch;
  }
  const rest = reader.end();
  if (rest.length > 0) yield rest;
}

/** Reads server-sent events from pieces that are pushed. See sseBatches. */
export class SseReader {
  // Unlike TextDecoder, StringDecoder creates one-byte strings when they suffice.
  readonly #decoder = new StringDecoder('utf8');
  readonly #parser: EventSourceParser;
  #batch: SseItem[] = [];
  #isFirst = true;

  constructor() {
    this.#parser = createParser({
      maxBufferSize: MAX_EVENT_SIZE,
      onEvent: ({ data, event }) =>
        this.#batch.push(event === undefined ? { type: 'data', data } : { type: 'data', data, event }),
      onComment: () => this.#batch.push({ type: 'comment' }),
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
  }

  /** Returns the items that a piece of the body completes. */
  read(piece: Uint8Array): readonly SseItem[] {
    const bytes = asBuffer(piece);
    for (let at = 0; at < bytes.length; at += MOST_AT_ONCE)
      this.#feed(this.#decoder.write(bytes.length <= MOST_AT_ONCE ? bytes : bytes.subarray(at, at + MOST_AT_ONCE)));
    return this.#take();
  }

  /** Returns a last event without its blank line. */
  end(): readonly SseItem[] {
    this.#feed(`${this.#decoder.end()}\n\n`);
    return this.#take().map((item) => (item.type === 'data' ? { ...item, isUnterminated: true } : item));
  }

  #feed(text: string): void {
    if (text === '') return;
    this.#parser.feed(this.#isFirst && text.startsWith('\ufeff') ? text.slice(1) : text);
    this.#isFirst = false;
  }

  #take(): readonly SseItem[] {
    const batch = this.#batch;
    this.#batch = [];
    return batch;
  }
}

function asBuffer(piece: Uint8Array): Buffer {
  return Buffer.isBuffer(piece) ? piece : Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
}
