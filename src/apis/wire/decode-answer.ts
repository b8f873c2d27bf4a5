import { OrxError } from '../../errors.ts';
import { type CompletionEvent, isVisible, type Usage } from '../completion.ts';
import type { AnswerDecoder, AnswerProgress, DecodeOptions, WireItem } from '../dialect.ts';
import { exactJson, parseExact } from '../../text/exact-json.ts';
import { eventSize } from './event-size.ts';
import { parseReply } from './parse-reply.ts';
import { answerTooLarge, emptyStream, malformedChunk, MAX_ANSWER_SIZE, streamCut } from './stream-failure.ts';
import { JoinedEvents } from './joined-events.ts';
import { untilWhole } from './until-whole.ts';
import { KeepAliveWatch } from './keep-alive-watch.ts';
import { WholeCharacters } from './whole-characters.ts';
import { asArray, asObject, type WireObject } from './wire-value.ts';

/** One piece of a reply, and where to put its events. */
export interface ReplyPiece {
  wire: WireObject;
  /** The original text of the piece, for numbers that JSON.parse rounds. */
  data: string;
  /** The reader adds the events of the piece here. */
  events: CompletionEvent[];
  /** Earlier pieces have shown a part of the answer, so a failure now breaks the answer off. */
  hasShown: boolean;
}

/** Interprets a vendor's pieces: the part of a decoder that differs between wire formats. */
export interface AnswerReader {
  /** Reads a piece. Returns the failure that follows its events, if any. */
  read: (piece: ReplyPiece) => OrxError | undefined;
  /** Returns whether the end marker of the answer has arrived. */
  isDone: () => boolean;
  /**
   * Returns whether the answer is complete if the stream ends here, for a wire format without an end marker. Absent: it is not.
   */
  isWhole?: () => boolean;
  /** Returns the usage so far. Called once, however the stream ends. */
  usage: () => Usage | undefined;
  /** Returns the last event. Called only after `isDone` or `isWhole` has returned true. */
  end: () => CompletionEvent;
}

/**
 * Yields a reply as events, and reports usage even when the stream fails. Pieces of text that arrived together are one event.
 * Throws `stream-cut` for a stream that ends before its end marker.
 */
export async function* decodeAnswer(
  batches: AsyncIterable<readonly WireItem[]>,
  options: DecodeOptions,
  decoder: AnswerDecoder,
): AsyncGenerator<CompletionEvent, void, undefined> {
  const joined = new JoinedEvents();
  try {
    for await (const batch of untilWhole(
      batches,
      () => decoder.progress,
      () => options.release?.(),
    )) {
      for (const item of batch) {
        if (item.type === 'comment') {
          decoder.countComment();
          joined.add({ type: 'heartbeat', generationId: options.requestId });
          continue;
        }
        const failure = decoder.decode(item.data, item.event, item.isUnterminated === true);
        for (const event of decoder.events) joined.add(event);
        if (failure !== undefined) throw failure;
        if (!decoder.isDone) continue;
        for (const event of joined.take()) yield event;
        yield* lastEvents(decoder, options);
        return;
      }
      for (const event of joined.take()) yield event;
    }
    yield* lastEvents(decoder, options);
  } catch (error) {
    yield* joined.take();
    // Report the cost even after a failure.
    yield* decoder.rest();
    throw options.refine === undefined ? error : options.refine(error);
  }
}

/** Returns the events that end an answer. Throws when it is incomplete. */
export function lastEvents(decoder: AnswerDecoder, options: DecodeOptions): readonly CompletionEvent[] {
  const end = decoder.end();
  options.isComplete = true;
  return [...decoder.rest(), end];
}

/**
 * Returns a decoder with everything that applies to all wire formats: it counts comments, limits the size and joins split
 * characters. `reader` interprets the pieces.
 */
export function answerDecoder(options: DecodeOptions, reader: AnswerReader): AnswerDecoder {
  return new ReplyDecoder(options, reader);
}

class ReplyDecoder implements AnswerDecoder {
  readonly events: CompletionEvent[] = [];
  readonly #options: DecodeOptions;
  readonly #reader: AnswerReader;
  readonly #characters = new WholeCharacters();
  readonly #watch: KeepAliveWatch;
  #size = 0;
  #hasShown = false;
  #isOver = false;
  #hasData = false;

  constructor(options: DecodeOptions, reader: AnswerReader) {
    this.#options = options;
    this.#reader = reader;
    this.#watch = new KeepAliveWatch(options.stallMs);
  }

  get isDone(): boolean {
    return this.#reader.isDone();
  }

  get progress(): AnswerProgress {
    return { isWhole: this.#reader.isWhole?.() === true, hasUsage: false };
  }

  countComment(): void {
    this.#watch.countComment();
  }

  decode(data: string, event: string | undefined, isUnterminated: boolean): OrxError | undefined {
    this.events.length = 0;
    const text = data.trim();
    if (text === '' || text === '[DONE]') return undefined;
    this.#hasData = true;
    const pieces = this.#parse(text, isUnterminated);
    // A malformed chunk is not forwarded to clients; the failure describes it.
    if (pieces instanceof OrxError) return pieces;
    if (this.#options.includeChunks === true) this.events.push({ type: 'chunk', data, ...(event !== undefined && { event }) });
    let failure: OrxError | undefined;
    for (const piece of pieces) {
      failure = this.#reader.read({ ...piece, events: this.events, hasShown: this.#hasShown });
      this.#hasShown ||= this.events.some(isVisible);
      if (failure !== undefined) break;
    }
    // A ping is an event of the stream without a part of the answer.
    if (this.events.some(({ type }) => type !== 'chunk')) this.#watch.progress();
    else this.#watch.check();
    this.#characters.joinAll(this.events);
    this.#size += eventSize(this.events, data);
    if (failure !== undefined) return failure;
    return this.#size <= MAX_ANSWER_SIZE ? undefined : answerTooLarge(this.#options.requestId);
  }

  end(): CompletionEvent {
    const { requestId } = this.#options;
    if (!this.isDone && this.#reader.isWhole?.() !== true)
      throw this.#hasData ? streamCut(requestId) : emptyStream(requestId, false);
    return this.#reader.end();
  }

  rest(): readonly CompletionEvent[] {
    if (this.#isOver) return [];
    this.#isOver = true;
    const usage = this.#reader.usage();
    return [...this.#characters.rest(), ...(usage === undefined ? [] : [{ type: 'usage', usage } as const])];
  }

  #parse(data: string, isUnterminated: boolean): readonly Pick<ReplyPiece, 'wire' | 'data'>[] | OrxError {
    // A web page instead of the API.
    if (data.startsWith('<')) return [{ wire: parseReply(data, this.#options.requestId), data }];
    try {
      const value: unknown = JSON.parse(data);
      // A whole reply may be an array of the items of a stream.
      if (Array.isArray(value)) return piecesOf(data);
      const wire = asObject(value);
      if (wire !== undefined) return [{ wire, data }];
    } catch (error) {
      // The stream ended inside a piece.
      if (isUnterminated) return streamCut(this.#options.requestId, error);
    }
    return malformedChunk(this.#options.requestId);
  }
}

function piecesOf(list: string): readonly Pick<ReplyPiece, 'wire' | 'data'>[] {
  return asArray(parseExact(list)).flatMap((item) => {
    const data = exactJson(item);
    const wire = asObject(JSON.parse(data));
    return wire === undefined ? [] : [{ wire, data }];
  });
}
