import { OrxError } from '../../errors.ts';
import type { BodyReceiver } from '../../http/exchange.ts';
import type { Flow } from '../../http/response-body.ts';
import { SseReader } from '../../http/sse.ts';
import { bytesText } from '../../text/bytes.ts';
import type { AnswerSink, CompletionEvent } from '../completion.ts';
import type { AnswerDecoder, DecodeOptions, WireItem } from '../dialect.ts';
import { lastEvents } from './decode-answer.ts';
import { JoinedEvents } from './joined-events.ts';
import { MAX_JSON_BYTES } from './packed-reply.ts';
import { patienceMs } from './until-whole.ts';

/** How long to receive the rest of a reply after its answer is complete, before the connection is closed. */
const REST_MS = 1000;
const SPACES: ReadonlySet<number> = new Set([0x20, 0x0a, 0x0d, 0x09]);
/** First bytes of a body that is not an event stream: an object, a list, or the tag of a web page. */
const WHOLE_STARTS: ReadonlySet<number> = new Set([0x7b, 0x5b, 0x3c]);

export interface PushedReplyOptions {
  /**
   * What one read of the connection has brought is decoded together, and its neighboring pieces of text are one event, as those of
   * decodeAnswer. Default: each piece is decoded when it arrives, and each text is an event.
   */
  joinsText?: boolean | undefined;
  /** With `joinsText`: its chunks of one form are one event as well. Default: each chunk is an event. */
  joinsChunks?: boolean | undefined;
  /** Returns the items of a reply that is not a stream. Default: its text as one item. */
  wholeItems?: ((text: string) => readonly WireItem[]) | undefined;
}

/**
 * Pushes the events of a reply to a sink as its pieces arrive, without a promise for each event. The events are those of
 * decodeAnswer. A full sink pauses the connection.
 */
export class PushedReply implements BodyReceiver {
  /** Resolves when the answer is complete. Rejects with what decodeAnswer would throw. */
  readonly done: Promise<void>;
  readonly #options: DecodeOptions;
  readonly #decoder: AnswerDecoder;
  readonly #sink: AnswerSink;
  readonly #joined: JoinedEvents | undefined;
  readonly #wholeItems: (text: string) => readonly WireItem[];
  #settle!: { resolve: () => void; reject: (error: unknown) => void };
  #flow: Flow | undefined;
  /** Undefined before the first byte. */
  #form: 'events' | 'whole' | undefined;
  #events: SseReader | undefined;
  #pieces: Buffer[] = [];
  #bytes = 0;
  /** Pieces of an event stream that are not decoded yet. */
  #arrived: Buffer[] = [];
  #isOver = false;
  #hasEnded = false;
  #isHeld = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    decoder: AnswerDecoder,
    options: DecodeOptions,
    sink: AnswerSink,
    { joinsText = false, joinsChunks, wholeItems = oneItem }: PushedReplyOptions = {},
  ) {
    this.#decoder = decoder;
    this.#options = options;
    this.#sink = sink;
    this.#joined = joinsText ? new JoinedEvents({ joinsChunks }) : undefined;
    this.#wholeItems = wholeItems;
    this.done = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
  }

  /** Sets the connection of the following pieces. `isReported`: a heartbeat tells the sink that the reply has begun, and its id. */
  begin(flow: Flow, isReported = false): void {
    this.#flow = flow;
    if (isReported) this.#guarded(() => this.#read([{ type: 'comment' }]));
  }

  data(given: Buffer): void {
    if (this.#isOver) return;
    let piece = given;
    if (this.#form === undefined) {
      let start = 0;
      while (start < piece.length && SPACES.has(piece[start]!)) start += 1;
      if (start === piece.length) return;
      piece = piece.subarray(start);
      this.#form = WHOLE_STARTS.has(piece[0]!) ? 'whole' : 'events';
    }
    if (this.#form === 'whole') {
      this.#pieces.push(piece);
      this.#bytes += piece.length;
      if (this.#bytes > MAX_JSON_BYTES) this.#fail(tooLarge());
      return;
    }
    if (this.#joined === undefined) return this.#readEvents(piece);
    this.#arrived.push(piece);
    if (this.#arrived.length === 1) void READ.then(() => this.#readArrived());
  }

  end(): void {
    this.#readArrived();
    this.#hasEnded = true;
    clearTimeout(this.#timer);
    if (this.#isOver) return;
    this.#guarded(() => {
      if (this.#form === 'whole') this.#read(this.#wholeItems(Buffer.concat(this.#pieces).toString('utf8').trim()));
      else this.#read((this.#events ??= new SseReader()).end());
      if (!this.#isOver) this.#complete();
    });
  }

  /** The connection broke, or the request was aborted. */
  fail(error: unknown): void {
    this.#readArrived();
    this.#hasEnded = true;
    this.#fail(error);
  }

  #readArrived(): void {
    const pieces = this.#arrived;
    if (pieces.length === 0) return;
    this.#arrived = [];
    this.#readEvents(pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces));
  }

  #readEvents(piece: Buffer): void {
    if (this.#isOver) return;
    this.#guarded(() => this.#read((this.#events ??= new SseReader()).read(piece)));
    this.#holdWhileFull();
  }

  #read(items: readonly WireItem[]): void {
    clearTimeout(this.#timer);
    for (const item of items) {
      if (item.type === 'comment') {
        this.#decoder.countComment();
        this.#tell([{ type: 'heartbeat', generationId: this.#options.requestId }]);
        continue;
      }
      const failure = this.#decoder.decode(item.data, item.event, item.isUnterminated === true);
      this.#tell(this.#decoder.events);
      if (failure !== undefined) throw failure;
      if (this.#decoder.isDone) return this.#complete();
    }
    this.#tellJoined();
    // The answer has ended, but some servers neither send the end marker nor close the connection.
    const waitMs = this.#hasEnded ? undefined : patienceMs(this.#decoder.progress);
    if (waitMs !== undefined) this.#timer = setTimeout(() => this.#guarded(() => this.#complete()), waitMs);
  }

  #tell(events: readonly CompletionEvent[]): void {
    const to = this.#joined;
    for (let at = 0; at < events.length; at += 1) {
      if (to === undefined) this.#sink.see(events[at]!);
      else to.add(events[at]!);
    }
  }

  /** Tells the sink the joined events. */
  #tellJoined(): void {
    const events = this.#joined?.take() ?? [];
    for (let at = 0; at < events.length; at += 1) this.#sink.see(events[at]!);
  }

  #complete(): void {
    this.#tellJoined();
    this.#tell(lastEvents(this.#decoder, this.#options));
    this.#tellJoined();
    this.#isOver = true;
    this.#settle.resolve();
    // Receive a short rest of the body, so that the connection can be reused.
    if (!this.#hasEnded) this.#timer = setTimeout(() => this.#flow?.abort(new Error('canceled')), REST_MS).unref();
  }

  #guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#pieces = [];
    let reason = error;
    try {
      // Report the cost even after a failure.
      this.#tellJoined();
      this.#tell(this.#decoder.rest());
      this.#tellJoined();
    } catch (second) {
      reason = second;
    }
    this.#settle.reject(this.#options.refine === undefined ? reason : this.#options.refine(reason));
    // Close the connection, so that the vendor stops generating and billing.
    if (!this.#hasEnded) this.#flow?.abort(new Error('canceled'));
  }

  #holdWhileFull(): void {
    const ready = this.#isOver || this.#isHeld ? undefined : this.#sink.ready?.();
    if (ready === undefined) return;
    void this.#holdUntil(ready);
  }

  async #holdUntil(ready: Promise<void>): Promise<void> {
    this.#isHeld = true;
    this.#flow?.pause();
    await ready;
    this.#isHeld = false;
    this.#flow?.resume();
  }
}

/** The pieces of one read arrive without a promise between them. */
const READ = Promise.resolve();

function oneItem(data: string): readonly WireItem[] {
  return [{ type: 'data', data }];
}

function tooLarge(): OrxError {
  return new OrxError(`the reply is larger than ${bytesText(MAX_JSON_BYTES)}`, {
    kind: 'network',
    code: 'too-large',
    hints: ['check the base URL: orx config get base-url'],
  });
}
