import type { CompletionEvent } from '../../../apis/completion.ts';
import { wireError } from '../../wire-error.ts';
import type { FieldValues } from '../fields.ts';
import type { EncoderOptions, StreamEncoder, StreamPiece } from '../served-dialect.ts';
import { ChunkEncoder } from './encode-chunks.ts';
import { withFailureFields } from '../with-router-metadata.ts';
import { PassedChunks } from './vendor-chunk.ts';

const NOTHING: readonly StreamPiece[] = [];

/** Encodes a chat completion as a stream. Chunks in the same form are forwarded unchanged. */
export class StreamedChat implements StreamEncoder {
  readonly #encoder: ChunkEncoder;
  readonly #options: EncoderOptions;
  #start: { id: string; model: string; provider?: string | undefined; created?: number | undefined };
  /** A forwarded chunk already contains the text that follows. */
  #tellsText = false;
  #lastChunk = '';
  #passed: PassedChunks | undefined;
  /** A chunk that reports a failure waits for the router metadata. */
  #held: string | undefined;

  constructor(model: string, options: EncoderOptions) {
    this.#encoder = new ChunkEncoder(model, options);
    this.#options = options;
    this.#start = { id: '', model };
  }

  encode(event: CompletionEvent): readonly StreamPiece[] {
    if (event.type === 'chunk') {
      if (event.dialect !== undefined) return this.#passVendors(event);
      this.#lastChunk = event.data;
      if (this.#options.routerMetadata === undefined) return [event];
      const before = this.#takeHeld();
      if (!tellsFailure(event.data)) return [...before, event];
      this.#held = event.data;
      return before;
    }
    if (event.type === 'heartbeat') return [{ comment: 'OPENROUTER PROCESSING' }];
    if (event.type === 'response-start') {
      this.#start = event;
      this.#passed = new PassedChunks(event);
    }
    if (this.#tellsText && event.type === 'text-delta') return NOTHING;
    // A `chunk` comes before the events that are decoded from it: without one, the API has another form.
    if (this.#lastChunk !== '') return NOTHING;
    return this.#encoder.encode(event).map((data) => ({ data }));
  }

  /** A vendor's chunks differ from the form of OpenRouter's, which clients expect: only plain text is forwarded. */
  #passVendors(event: Extract<CompletionEvent, { type: 'chunk' }>): readonly StreamPiece[] {
    const isKnown = event.dialect === 'chat-completions' && this.#start.id !== '';
    const chunk = isKnown ? this.#passed?.pass(event) : undefined;
    this.#tellsText = chunk !== undefined;
    if (chunk === undefined) return NOTHING;
    const rest = this.#encoder.rest();
    const more = this.#passed!.more(event);
    if (rest.length === 0 && more.length === 0) return [{ data: chunk }];
    return [...rest, chunk, ...more].map((one) => ({ data: one }));
  }

  fail(error: unknown, more: FieldValues): readonly StreamPiece[] {
    if (tellsFailure(this.#lastChunk)) {
      this.#held &&= withFailureFields(this.#held, more);
      return this.#takeHeld();
    }
    const data = [...this.#encoder.rest(), JSON.stringify({ ...errorChunk(this.#start, error), ...more })];
    return data.map((one) => ({ data: one }));
  }

  end(): readonly StreamPiece[] {
    return [...this.#takeHeld(), { data: '[DONE]' }];
  }

  #takeHeld(): readonly StreamPiece[] {
    const held = this.#held;
    this.#held = undefined;
    return held === undefined ? NOTHING : [{ data: held }];
  }
}

/** Returns whether the last chunk, which the client has, already reports the failure (or is itself broken). */
function tellsFailure(data: string): boolean {
  try {
    const chunk = JSON.parse(data) as { error?: unknown; choices?: { finish_reason?: unknown; error?: unknown }[] };
    const choice = Array.isArray(chunk.choices) ? chunk.choices[0] : undefined;
    return (chunk.error ?? choice?.error ?? undefined) !== undefined || choice?.finish_reason === 'error';
  } catch {
    return data !== '';
  }
}

function errorChunk(start: { id: string; model: string; created?: number | undefined }, error: unknown): Record<string, unknown> {
  return {
    id: start.id,
    object: 'chat.completion.chunk',
    created: start.created ?? 0,
    model: start.model,
    error: wireError(error),
    choices: [
      { index: 0, delta: { role: 'assistant', content: '' }, finish_reason: 'error', native_finish_reason: null, logprobs: null },
    ],
  };
}
