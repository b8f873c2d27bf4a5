import type { CompletionEvent, Usage } from '../../../apis/completion.ts';
import type { EncoderOptions, WholeEncoder } from '../served-dialect.ts';
import { withRouterMetadata } from '../with-router-metadata.ts';
import { ChunkEncoder } from './encode-chunks.ts';
import { passedReply } from './vendor-chunk.ts';
import { wholeReply } from './whole-reply.ts';

type Start = Extract<CompletionEvent, { type: 'response-start' }>;

/** Encodes a chat completion as one body. A body in the same form is forwarded unchanged. */
export class WholeChat implements WholeEncoder {
  readonly #model: string;
  readonly #options: EncoderOptions;
  readonly #own: string[] = [];
  /** The events of an answer that may have to be encoded. */
  readonly #events: CompletionEvent[] = [];
  /** The last piece of a vendor's reply; the complete reply if it was not streamed. */
  #vendors: string | undefined;
  #start: Start | undefined;
  #usage: Usage | undefined;

  constructor(model: string, options: EncoderOptions) {
    this.#model = model;
    this.#options = options;
  }

  add(event: CompletionEvent): void {
    if (event.type === 'chunk' && event.dialect === undefined) this.#own.push(event.data);
    if (this.#own.length > 0) return;
    if (event.type === 'chunk') this.#vendors = event.dialect === 'chat-completions' ? event.data : undefined;
    if (event.type === 'response-start') this.#start = event;
    if (event.type === 'usage') this.#usage = event.usage;
    if (event.type !== 'chunk') this.#events.push(event);
  }

  body(): string {
    const passed =
      this.#vendors === undefined || this.#start === undefined ? undefined : passedReply(this.#vendors, this.#start, this.#usage);
    if (passed !== undefined) return withRouterMetadata(passed, this.#options);
    return wholeReply(this.#own.length > 0 ? this.#own : this.#encoded());
  }

  #encoded(): readonly string[] {
    const encoder = new ChunkEncoder(this.#model, this.#options);
    return this.#events.flatMap((event) => encoder.encode(event));
  }
}
