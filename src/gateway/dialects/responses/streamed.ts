import type { ChatRequest, CompletionEvent } from '../../../apis/completion.ts';
import type { EncoderOptions, StreamEncoder, StreamPiece } from '../served-dialect.ts';
import { ResponseWriter } from './response-writer.ts';

/** A response as a stream of events. */
export class StreamedResponse implements StreamEncoder {
  readonly #writer: ResponseWriter;
  #pieces: StreamPiece[] = [];
  #sequence = 0;

  constructor(request: ChatRequest, options: EncoderOptions) {
    this.#writer = new ResponseWriter(request, options, (type, fields) => {
      this.#pieces.push({ event: type, data: JSON.stringify({ type, sequence_number: this.#sequence, ...fields }) });
      this.#sequence += 1;
    });
  }

  encode(event: CompletionEvent): readonly StreamPiece[] {
    if (event.type === 'heartbeat') return [{ comment: 'OPENROUTER PROCESSING' }];
    this.#writer.see(event);
    return this.#take();
  }

  fail(error: unknown): readonly StreamPiece[] {
    this.#writer.fail(error);
    return this.#take();
  }

  end(): readonly StreamPiece[] {
    return [{ data: '[DONE]' }];
  }

  #take(): readonly StreamPiece[] {
    const pieces = this.#pieces;
    this.#pieces = [];
    return pieces;
  }
}
