import type { CompletionEvent } from '../../../apis/completion.ts';
import type { WholeEncoder } from '../served-dialect.ts';
import { ChunkEncoder } from './encode-chunks.ts';
import { wholeReply } from './whole-reply.ts';

/** A chat completion as one body: that of an API which speaks in the same form passes as it came. */
export class WholeChat implements WholeEncoder {
  readonly #encoder: ChunkEncoder;
  readonly #own: string[] = [];
  readonly #encoded: string[] = [];

  constructor(model: string, seconds: () => number) {
    this.#encoder = new ChunkEncoder(model, seconds);
  }

  add(event: CompletionEvent): void {
    if (event.type === 'chunk' && event.dialect === undefined) this.#own.push(event.data);
    if (this.#own.length > 0) return;
    const chunk = this.#encoder.encode(event);
    if (chunk !== undefined) this.#encoded.push(chunk);
  }

  body(): string {
    return wholeReply(this.#own.length > 0 ? this.#own : this.#encoded);
  }
}
