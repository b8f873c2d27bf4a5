import { OrxError } from '../../errors.ts';
import { REPHRASE, TRY_AGAIN_OR_FALLBACK } from '../../hints.ts';
import { parseExact } from '../../text/exact-json.ts';
import type { CompletionEvent, TextTemplate } from '../completion.ts';
import type { AnswerDecoder, AnswerProgress, DecodeOptions, WireItem } from '../dialect.ts';
import { isFilterReason } from '../finish-reason.ts';
import { callItems, hasObjectArguments, type CallPiece, ToolCallPieces } from '../tool-call-pieces.ts';
import { ChoiceFilter, type PickedChoice } from './choice-filter.ts';
import { decodeDelta, decodeStart } from './decode-chunk.ts';
import { decodeApiError } from '../wire/errors/decode-error.ts';
import { eventSize } from '../wire/event-size.ts';
import { decodeRouting, decodeUsage, laterUsage } from './decode-usage.ts';
import { fillOf, textTemplate } from './text-template.ts';
import { answerTooLarge, emptyStream, malformedChunk, MAX_ANSWER_SIZE, streamCut } from '../wire/stream-failure.ts';
import type { VendorChunks } from './vendor-chunks.ts';
import { decodeAnswer } from '../wire/decode-answer.ts';
import { KeepAliveWatch } from '../wire/keep-alive-watch.ts';
import { WholeCharacters } from '../wire/whole-characters.ts';
import { asArray, asObject, asText, type WireObject } from '../wire/wire-value.ts';

/** Shorter data is not a chunk with an answer: it is the end marker, or empty. */
const SHORTEST_CHUNK = 16;

/**
 * Yields a streamed completion as events. `vendor` decodes chunks that do not have OpenRouter's form. Ends after `response-end`,
 * which follows `[DONE]`, or the end of a stream that has stated a finish reason. Throws OrxError: kind `provider` for an error
 * chunk, the finish reason `error`, a chunk that is not JSON, or a stream without chunks; kind `network` (code `stream-cut`) for
 * a stream that ends with neither finish reason nor `[DONE]`.
 */
export function decodeStream(
  batches: AsyncIterable<readonly WireItem[]>,
  options: DecodeOptions = {},
): AsyncGenerator<CompletionEvent, void, undefined> {
  return decodeAnswer(batches, options, new StreamDecoder(options, undefined));
}

/** Reads the chunks of a completion. */
export class StreamDecoder implements AnswerDecoder {
  isDone = false;
  /** The events of the last decoded data. */
  readonly events: CompletionEvent[] = [];
  readonly #options: DecodeOptions;
  readonly #vendor: VendorChunks | undefined;
  readonly #calls: ToolCallPieces;
  readonly #choices = new ChoiceFilter();
  #template: TextTemplate | undefined;
  readonly #watch: KeepAliveWatch;
  /** Size of the answer so far, in UTF-16 units. */
  #size = 0;
  #hasStarted = false;
  #usage: unknown;
  readonly #characters = new WholeCharacters();
  #finishReason: string | undefined;
  #nativeFinishReason: string | undefined;
  #isRefusal = false;

  constructor(options: DecodeOptions, vendor: VendorChunks | undefined) {
    this.#options = options;
    this.#vendor = vendor;
    this.#watch = new KeepAliveWatch(options.stallMs);
    this.#calls = new ToolCallPieces(options.toolNames);
  }

  get progress(): AnswerProgress {
    return { isWhole: this.#finishReason !== undefined, hasUsage: this.#usage !== undefined };
  }

  countComment(): void {
    this.#watch.countComment();
  }

  /** Fills `events`. Returns the failure that follows them, if any. */
  decode(data: string, event: string | undefined, isUnterminated: boolean): OrxError | undefined {
    this.events.length = 0;
    this.#watch.progress();
    const word = data.length < SHORTEST_CHUNK ? data.trim() : undefined;
    if (word === '[DONE]') this.isDone = true;
    if (word === '[DONE]' || word === '') return undefined;
    const template = this.#template;
    const text = template === undefined ? undefined : fillOf(template, data);
    if (this.#options.includeChunks === true) this.events.push(chunkOf(data, template, text));
    if (text !== undefined) {
      const whole = this.#characters.join(text);
      if (whole !== '') this.events.push({ type: 'text-delta', text: whole });
      return this.#measure(text.length);
    }
    const read = this.#parse(data, isUnterminated);
    if (read instanceof OrxError) return read;
    const parsed = isBareError(read, event) ? { error: read } : read;
    const wire = this.#vendor === undefined ? parsed : this.#vendor.read(parsed);
    if (wire === undefined || !isChunk(wire)) return undefined;
    if (!this.#hasStarted) {
      this.#hasStarted = true;
      this.events.push(decodeStart(wire, this.#options.requestId));
    }
    const choices = this.#choices.pick(wire['choices']);
    // A chunk whose text is not shown must not become the template: the text of the next similar chunk would be shown.
    this.#template = choices.length === 0 ? undefined : textTemplate(data, parsed);
    const failure = this.#decodeWire(wire, data, choices);
    this.#characters.joinAll(this.events);
    return failure ?? this.#measure(eventSize(this.events, data));
  }

  #measure(size: number): OrxError | undefined {
    this.#size += size;
    return this.#size <= MAX_ANSWER_SIZE ? undefined : answerTooLarge(this.#options.requestId);
  }

  #decodeWire(wire: WireObject, data: string, choices: readonly PickedChoice[]): OrxError | undefined {
    let failure: OrxError | undefined;
    for (const { choice, at } of choices) {
      const delta = deltaOf(choice);
      if (delta !== undefined) decodeDelta(delta, this.#callsOf(choice, data, at), this.events);
      if (asText(delta?.['refusal']) !== undefined) this.#isRefusal = true;
      this.#nativeFinishReason = asText(choice['native_finish_reason']) ?? this.#nativeFinishReason;
      const finishReason = asText(choice['finish_reason']);
      if (finishReason === 'error') failure ??= this.#stopped();
      else this.#finishReason = finishReason ?? this.#finishReason;
      if (asObject(choice['error']) !== undefined) failure = this.#apiError({ id: wire['id'], error: choice['error'] });
    }
    this.#usage = laterUsage(this.#usage, wire['usage']);
    const routing = decodeRouting(wire['openrouter_metadata']);
    if (routing !== undefined) this.events.push({ type: 'routing', ...routing });
    return isAbsent(wire['error']) ? failure : this.#apiError(wire);
  }

  #callsOf(choice: WireObject, data: string, at: number): readonly CallPiece[] {
    let items = callItems(deltaOf(choice) ?? {});
    if (items.length === 0) return [];
    if (hasObjectArguments(items)) {
      const exact = asObject(asArray(asObject(parseExact(data))?.['choices'])[at]);
      items = callItems(deltaOf(exact ?? {}) ?? {});
    }
    return asObject(choice['delta']) === undefined ? this.#calls.addWhole(items) : this.#calls.add(items);
  }

  /** Returns the last events of a stream, however it ended: split characters, and the usage; see laterUsage. */
  rest(): readonly CompletionEvent[] {
    const usage = this.#vendor === undefined ? decodeUsage(this.#usage) : this.#vendor.decodeUsage(this.#usage);
    this.#usage = undefined;
    return [...this.#characters.rest(), ...(usage === undefined ? [] : [{ type: 'usage', usage } as const])];
  }

  end(): CompletionEvent {
    if (!this.#hasStarted) throw emptyStream(this.#options.requestId, this.isDone);
    if (!this.isDone && this.#finishReason === undefined) throw streamCut(this.#options.requestId);
    const { count } = this.#choices;
    return {
      type: 'response-end',
      finishReason: this.#finishReason,
      nativeFinishReason: this.#nativeFinishReason,
      ...(this.#isRefusal ? { isRefusal: true } : {}),
      ...(count > 1 && { answers: count }),
    };
  }

  #parse(data: string, isUnterminated: boolean): WireObject | OrxError {
    try {
      const value: unknown = JSON.parse(data);
      // A chunk without content.
      if (value === null) return {};
      const wire = asObject(value);
      if (wire !== undefined) return wire;
    } catch (error) {
      // The stream ended inside a chunk.
      if (isUnterminated) return streamCut(this.#options.requestId, error);
    }
    return malformedChunk(this.#options.requestId);
  }

  #apiError(body: WireObject): OrxError {
    const vendor = this.#vendor?.vendor;
    // At this point OpenRouter has started a provider, while a vendor that has shown nothing may just be overloaded.
    const afterCommit = vendor === undefined || this.#size > 0;
    return decodeApiError({ status: 200, body, requestId: this.#options.requestId, afterCommit, vendor });
  }

  #stopped(): OrxError {
    const reason = this.#nativeFinishReason === undefined ? '' : ` (${this.#nativeFinishReason})`;
    if (isFilterReason(this.#nativeFinishReason)) {
      return new OrxError(`a content filter stopped the response${reason}`, {
        kind: 'no-endpoint',
        code: this.#nativeFinishReason,
        requestId: this.#options.requestId,
        hints: [REPHRASE],
      });
    }
    return new OrxError(`the provider stopped the response${reason}`, {
      kind: 'provider',
      code: this.#nativeFinishReason ?? 'finish-reason-error',
      requestId: this.#options.requestId,
      hints: [TRY_AGAIN_OR_FALLBACK],
    });
  }
}

function chunkOf(data: string, template: TextTemplate | undefined, text: string | undefined): CompletionEvent {
  // An escape is longer than its character.
  const isPlain =
    template !== undefined && text !== undefined && text.length === data.length - template.before.length - template.after.length;
  return { type: 'chunk', data, filled: isPlain ? { template, text, more: undefined } : undefined };
}

/** Some local servers answer in the form of the older completions API, with only a text. */
function deltaOf(choice: WireObject): WireObject | undefined {
  const delta = asObject(choice['delta']) ?? asObject(choice['message']);
  return delta ?? (typeof choice['text'] === 'string' ? { content: choice['text'] } : undefined);
}

// Returns false for events that orx does not know: they are neither part of the answer nor a failure.
function isChunk(wire: WireObject): boolean {
  return Array.isArray(wire['choices']) || asObject(wire['usage']) !== undefined || !isAbsent(wire['error']);
}

/** Returns whether a gateway sent an error without the field `error`: as an event of that name, or as vLLM's and Mistral's object. */
function isBareError(wire: WireObject, event: string | undefined): boolean {
  return (event === 'error' || wire['object'] === 'error') && isAbsent(wire['error']) && !Array.isArray(wire['choices']);
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}
