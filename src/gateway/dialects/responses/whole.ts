import type { ChatRequest, CompletionEvent } from '../../../apis/completion.ts';
import type { EncoderOptions, WholeEncoder } from '../served-dialect.ts';
import { ResponseWriter } from './response-writer.ts';

/** A response as one body. */
export class WholeResponse implements WholeEncoder {
  readonly #writer: ResponseWriter;

  constructor(request: ChatRequest, options: EncoderOptions) {
    this.#writer = new ResponseWriter(request, options, () => undefined);
  }

  add(event: CompletionEvent): void {
    this.#writer.see(event);
  }

  body(): string {
    return JSON.stringify(this.#writer.response);
  }
}
