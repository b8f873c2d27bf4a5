import type { ChatRequest, CompletionEvent } from '../../../apis/completion.ts';
import type { FieldValues } from '../fields.ts';
import type { EncoderOptions, StreamEncoder, StreamPiece } from '../served-dialect.ts';
import { PassedResponse } from './passed-response.ts';
import { ResponseWriter } from './response-writer.ts';

const NOTHING: readonly StreamPiece[] = [];

/** Encodes a response as a stream of events. Those of a vendor with this dialect are forwarded unchanged. */
export class StreamedResponse implements StreamEncoder {
  readonly #writer: ResponseWriter;
  readonly #options: EncoderOptions;
  #passed: PassedResponse | undefined;
  #pieces: StreamPiece[] = [];
  #sequence = 0;

  constructor(request: ChatRequest, options: EncoderOptions) {
    this.#options = options;
    this.#writer = new ResponseWriter(request, options, (type, fields) => {
      this.#pieces.push({ event: type, data: JSON.stringify({ type, sequence_number: this.#sequence, ...fields }) });
      this.#sequence += 1;
    });
  }

  encode(event: CompletionEvent): readonly StreamPiece[] {
    if (event.type === 'heartbeat') return [{ comment: 'OPENROUTER PROCESSING' }];
    if (event.type === 'chunk' && event.dialect === 'responses') {
      this.#passed ??= new PassedResponse();
      return this.#passed.add(event);
    }
    if (this.#passed !== undefined) return this.#seePassed(event, this.#passed);
    this.#writer.see(event);
    return this.#take();
  }

  fail(error: unknown, more: FieldValues): readonly StreamPiece[] {
    const before = this.#passed?.fail(more) ?? NOTHING;
    if (this.#passed?.hasToldFailure === true) return before;
    if (this.#passed !== undefined) this.#sequence = this.#passed.count;
    this.#writer.fail(error, more);
    return [...before, ...this.#take()];
  }

  end(): readonly StreamPiece[] {
    return [...(this.#passed?.fail({}) ?? NOTHING), { data: '[DONE]' }];
  }

  #seePassed(event: CompletionEvent, passed: PassedResponse): readonly StreamPiece[] {
    if (event.type === 'usage') passed.addUsage(event.usage);
    // Record the id and model, which the client has received, in case the stream breaks.
    if (event.type === 'response-start') {
      this.#writer.see(event);
      this.#take();
    }
    return event.type === 'response-end' ? passed.end(this.#options) : NOTHING;
  }

  #take(): readonly StreamPiece[] {
    const pieces = this.#pieces;
    this.#pieces = [];
    return pieces;
  }
}
