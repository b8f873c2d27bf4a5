import { OrxError } from '../../errors.ts';
import type { SseItem } from '../../http/sse.ts';
import type { CompletionEvent } from '../completion.ts';
import { decodeDelta, decodeStart, ToolIndex } from './decode-chunk.ts';
import { decodeApiError } from './decode-error.ts';
import { decodeRouting, decodeUsage } from './decode-usage.ts';
import { asArray, asObject, asText, type WireObject } from './wire-value.ts';

export type WireItem = SseItem;

export interface DecodeOptions {
  /** Yield each chunk verbatim before the events made from it. Default false. */
  includeChunks?: boolean | undefined;
  /** Generation id from the reply's headers, for a chunk or an error that names none. */
  requestId?: string | undefined;
}

/** Comments say that the API lives; a server that says nothing else forever is not the API. */
const MAX_COMMENTS = 20_000;

/**
 * A streamed completion as events. Ends after `response-end`, which comes at `[DONE]`, or at the end of a stream that had given a
 * finish reason. Throws OrxError: `provider` for an error chunk, a finish reason `error`, a chunk that is not JSON, or a stream
 * without any chunk; `network` (code `stream-cut`) for one that ends with neither finish reason nor `[DONE]`.
 */
export async function* decodeStream(
  batches: AsyncIterable<readonly WireItem[]>,
  options: DecodeOptions = {},
): AsyncGenerator<CompletionEvent, void, undefined> {
  const decoder = new StreamDecoder(options);
  for await (const batch of batches) {
    for (const item of batch) {
      if (item.type === 'comment') {
        decoder.countComment();
        yield { type: 'heartbeat' };
        continue;
      }
      yield* decoder.decode(item.data, item.isUnterminated === true);
      if (decoder.isDone) {
        yield decoder.end();
        return;
      }
    }
  }
  yield decoder.end();
}

class StreamDecoder {
  isDone = false;
  readonly #options: DecodeOptions;
  readonly #tools = new ToolIndex();
  #comments = 0;
  #hasStarted = false;
  #hasUsage = false;
  #finishReason: string | undefined;
  #nativeFinishReason: string | undefined;

  constructor(options: DecodeOptions) {
    this.#options = options;
  }

  countComment(): void {
    this.#comments += 1;
    if (this.#comments > MAX_COMMENTS) {
      throw new OrxError('the server sends only comments, never an answer', {
        kind: 'network',
        code: 'comment-flood',
        hints: ['check --base-url'],
      });
    }
  }

  *decode(data: string, isUnterminated: boolean): Generator<CompletionEvent> {
    if (data === '[DONE]' || data.trim() === '[DONE]') {
      this.isDone = true;
      return;
    }
    if (data.trim() === '') return;
    if (this.#options.includeChunks === true) yield { type: 'chunk', data };
    const wire = this.#parse(data, isUnterminated);
    if (!isChunk(wire)) return;
    if (!this.#hasStarted) {
      this.#hasStarted = true;
      yield decodeStart(wire, this.#options.requestId);
    }
    let failure: OrxError | undefined;
    for (const item of asArray(wire['choices'])) {
      const choice = asObject(item);
      if (choice === undefined) continue;
      const delta = asObject(choice['delta']) ?? asObject(choice['message']);
      if (delta !== undefined) yield* decodeDelta(delta, this.#tools);
      this.#nativeFinishReason = asText(choice['native_finish_reason']) ?? this.#nativeFinishReason;
      const finishReason = asText(choice['finish_reason']);
      if (finishReason === 'error') failure ??= this.#stopped();
      else this.#finishReason = finishReason ?? this.#finishReason;
      if (asObject(choice['error']) !== undefined) failure = this.#apiError({ id: wire['id'], error: choice['error'] });
    }
    const usage = this.#hasUsage ? undefined : decodeUsage(wire['usage']);
    if (usage !== undefined) {
      this.#hasUsage = true;
      yield { type: 'usage', usage };
    }
    const routing = decodeRouting(wire['openrouter_metadata']);
    if (routing !== undefined) yield { type: 'routing', ...routing };
    if (wire['error'] !== undefined && wire['error'] !== null) failure = this.#apiError(wire);
    if (failure !== undefined) throw failure;
  }

  end(): CompletionEvent {
    if (!this.#hasStarted) {
      throw new OrxError('the reply is empty: it holds no chunk of an answer', {
        kind: this.isDone ? 'provider' : 'network',
        code: this.isDone ? 'empty-reply' : 'stream-cut',
        isRetryable: true,
        requestId: this.#options.requestId,
        hints: ['try again; if it stays so, check --base-url'],
      });
    }
    if (!this.isDone && this.#finishReason === undefined) throw streamCut(this.#options.requestId);
    return { type: 'response-end', finishReason: this.#finishReason, nativeFinishReason: this.#nativeFinishReason };
  }

  #parse(data: string, isUnterminated: boolean): WireObject {
    try {
      const wire = asObject(JSON.parse(data));
      if (wire !== undefined) return wire;
    } catch (error) {
      // The end of the stream fell into the middle of a chunk.
      if (isUnterminated) throw streamCut(this.#options.requestId, error);
    }
    throw new OrxError('the stream broke: a chunk of it is not valid JSON', {
      kind: 'provider',
      code: 'malformed-chunk',
      requestId: this.#options.requestId,
      hints: ['try again, or let another answer: --fallback a,b'],
    });
  }

  #apiError(body: WireObject): OrxError {
    return decodeApiError({ status: 200, body, requestId: this.#options.requestId, afterCommit: true });
  }

  #stopped(): OrxError {
    const reason = this.#nativeFinishReason === undefined ? '' : ` (${this.#nativeFinishReason})`;
    return new OrxError(`the provider broke off the answer${reason}`, {
      kind: 'provider',
      code: this.#nativeFinishReason ?? 'finish-reason-error',
      requestId: this.#options.requestId,
      hints: ['try again, or let another answer: --fallback a,b'],
    });
  }
}

function streamCut(requestId: string | undefined, cause?: unknown): OrxError {
  return new OrxError('the stream was cut before the answer was complete', {
    kind: 'network',
    code: 'stream-cut',
    isRetryable: true,
    requestId,
    hints: ['try again; what had arrived is kept'],
    cause,
  });
}

// The API may send events of kinds that orx does not know: they are no part of the answer, and no failure.
function isChunk(wire: WireObject): boolean {
  return (
    Array.isArray(wire['choices']) ||
    asObject(wire['usage']) !== undefined ||
    (wire['error'] !== undefined && wire['error'] !== null)
  );
}
