import type { CompletionEvent, Usage } from '../../../apis/completion.ts';
import { parseExact } from '../../../text/exact-json.ts';
import type { EncoderOptions, WholeEncoder } from '../served-dialect.ts';
import { withRouterMetadata } from '../with-router-metadata.ts';
import { MessageEncoder } from './encode-events.ts';
import { encodeMessageUsage } from './encode-usage.ts';
import { MessageFold } from './fold-events.ts';

/** Encodes a message as one body. The body of a vendor with the same dialect keeps all its fields, and gets the cost added. */
export class WholeMessage implements WholeEncoder {
  readonly #encoder: MessageEncoder;
  readonly #options: EncoderOptions;
  readonly #own = new MessageFold();
  readonly #encoded = new MessageFold();
  #isPassed = false;
  #usage: Usage | undefined;

  constructor(model: string, options: EncoderOptions) {
    this.#encoder = new MessageEncoder(model);
    this.#options = options;
  }

  add(event: CompletionEvent): void {
    if (event.type === 'usage') this.#usage = event.usage;
    if (event.type === 'chunk') {
      if (event.dialect !== 'anthropic') return;
      this.#isPassed = true;
      const wire = parseExact(event.data);
      // A vendor may answer a streaming request with a whole message.
      this.#own.add(event.event === undefined ? { type: 'message_start', message: wire } : wire);
    } else if (!this.#isPassed) {
      for (const wire of this.#encoder.encode(event)) this.#encoded.add(wire);
    }
  }

  body(): string {
    return withRouterMetadata(this.#message(), this.#options);
  }

  #message(): string {
    if (!this.#isPassed) return this.#encoded.body();
    const { cost } = this.#usage === undefined ? {} : encodeMessageUsage(this.#usage);
    return this.#own.body(cost === undefined ? {} : { cost });
  }
}
