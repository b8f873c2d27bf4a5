import type { ChatRequest, CompletionEvent, Usage } from '../../../apis/completion.ts';
import type { EncoderOptions, WholeEncoder } from '../served-dialect.ts';
import { withRouterMetadata } from '../with-router-metadata.ts';
import { withCost } from './passed-response.ts';
import { ResponseWriter } from './response-writer.ts';

/** Encodes a response as one body. That of a vendor with this dialect is forwarded unchanged, except for the cost. */
export class WholeResponse implements WholeEncoder {
  readonly #writer: ResponseWriter;
  readonly #options: EncoderOptions;
  readonly #own: string[] = [];
  #usage: Usage | undefined;

  constructor(request: ChatRequest, options: EncoderOptions) {
    this.#options = options;
    this.#writer = new ResponseWriter(request, options, () => undefined);
  }

  add(event: CompletionEvent): void {
    if (event.type === 'chunk' && event.dialect === 'responses') this.#own.push(event.data);
    if (event.type === 'usage') this.#usage = event.usage;
    this.#writer.see(event);
  }

  body(): string {
    const [own] = this.#own;
    // Several pieces are the events of a stream that the vendor sent although none was requested.
    if (own === undefined || this.#own.length > 1) return JSON.stringify(this.#writer.response);
    return withRouterMetadata(this.#usage === undefined ? own : withCost(own, this.#usage), this.#options);
  }
}
