import { OrxError } from '../../errors.ts';
import { type CompletionEvent, isVisible, type Usage } from '../completion.ts';
import type { DecodeOptions, WireItem } from '../dialect.ts';
import { exactJson, parseExact } from '../../text/exact-json.ts';
import { eventSize } from './event-size.ts';
import { parseReply } from './parse-reply.ts';
import {
  answerTooLarge,
  commentFlood,
  emptyStream,
  malformedChunk,
  MAX_ANSWER_SIZE,
  MAX_COMMENTS,
  streamCut,
} from './stream-failure.ts';
import { type AnswerProgress, untilWhole } from './until-whole.ts';
import { WholeCharacters } from './whole-characters.ts';
import { asArray, asObject, type WireObject } from './wire-value.ts';

/** One piece of a reply, and where its events go. */
export interface ReplyPiece {
  wire: WireObject;
  /** The piece as it came, for numbers that JSON.parse rounds. */
  data: string;
  /** What the piece means is added here. */
  events: CompletionEvent[];
  /** Something of the answer was shown before this piece: a failure now breaks an answer. */
  hasShown: boolean;
}

/** What a vendor's pieces mean: the part of a decoder that differs from one wire to another. */
export interface AnswerReader {
  /** Reads a piece; returns the failure that follows its events. */
  read: (piece: ReplyPiece) => OrxError | undefined;
  /** Whether the end marker of the answer has come. */
  isDone: () => boolean;
  /** Whether the answer is whole if the stream ends here, for a wire without an end marker. Absent: it is not. */
  isWhole?: () => boolean;
  /** Usage as far as it was told. Asked for once, however the stream ends. */
  usage: () => Usage | undefined;
  /** The last event. Only asked for when `isDone` or `isWhole`. */
  end: () => CompletionEvent;
}

/**
 * A reply as events: everything that holds for any wire. It counts comments, limits the size, joins halves of characters, and tells usage also
 * when the stream fails. Throws `stream-cut` for a stream that ends before its end marker.
 */
export async function* decodeAnswer(
  batches: AsyncIterable<readonly WireItem[]>,
  options: DecodeOptions,
  reader: AnswerReader,
): AsyncGenerator<CompletionEvent, void, undefined> {
  const state = new DecodingState(options, reader);
  try {
    const progress = (): AnswerProgress => ({ isWhole: reader.isWhole?.() === true, hasUsage: false });
    for await (const batch of untilWhole(batches, progress, () => options.release?.())) {
      for (const item of batch) {
        if (item.type === 'comment') {
          state.countComment();
          yield { type: 'heartbeat', generationId: options.requestId };
          continue;
        }
        const failure = state.decode(item);
        yield* state.events;
        if (failure !== undefined) throw failure;
        if (!reader.isDone()) continue;
        const end = reader.end();
        options.isComplete = true;
        yield* state.rest();
        yield end;
        return;
      }
    }
    if (reader.isWhole?.() !== true) throw state.hasData ? streamCut(options.requestId) : emptyStream(options.requestId, false);
    const end = reader.end();
    options.isComplete = true;
    yield* state.rest();
    yield end;
  } catch (error) {
    // Whatever failed, what it cost is known.
    yield* state.rest();
    throw options.refine === undefined ? error : options.refine(error);
  }
}

class DecodingState {
  /** What the last decoded piece means. */
  readonly events: CompletionEvent[] = [];
  hasData = false;
  readonly #options: DecodeOptions;
  readonly #reader: AnswerReader;
  readonly #characters = new WholeCharacters();
  #comments = 0;
  #size = 0;
  #hasShown = false;
  #isOver = false;

  constructor(options: DecodeOptions, reader: AnswerReader) {
    this.#options = options;
    this.#reader = reader;
  }

  countComment(): void {
    this.#comments += 1;
    if (this.#comments > MAX_COMMENTS) throw commentFlood();
  }

  decode({ data, event, isUnterminated }: Extract<WireItem, { type: 'data' }>): OrxError | undefined {
    this.events.length = 0;
    const text = data.trim();
    if (text === '' || text === '[DONE]') return undefined;
    this.hasData = true;
    const pieces = this.#parse(text, isUnterminated === true);
    // What nobody can read goes to no client: the failure tells of it.
    if (pieces instanceof OrxError) return pieces;
    if (this.#options.includeChunks === true) this.events.push({ type: 'chunk', data, ...(event !== undefined && { event }) });
    let failure: OrxError | undefined;
    for (const piece of pieces) {
      failure = this.#reader.read({ ...piece, events: this.events, hasShown: this.#hasShown });
      this.#hasShown ||= this.events.some(isVisible);
      if (failure !== undefined) break;
    }
    this.#characters.joinAll(this.events);
    this.#size += eventSize(this.events, data);
    if (failure !== undefined) return failure;
    return this.#size <= MAX_ANSWER_SIZE ? undefined : answerTooLarge(this.#options.requestId);
  }

  /** What is left to tell when the stream is over: halves of characters, and the usage. */
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
      // A whole reply may be the list of what a stream would have held.
      if (Array.isArray(value)) return piecesOf(data);
      const wire = asObject(value);
      if (wire !== undefined) return [{ wire, data }];
    } catch (error) {
      // The stream ended mid-piece.
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
