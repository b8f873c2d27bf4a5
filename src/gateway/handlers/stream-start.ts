import { type CompletionEvent, isVisible } from '../../apis/completion.ts';
import type { StreamPiece } from '../dialects/served-dialect.ts';
import type { EventWriter } from '../event-writer.ts';

export interface StreamStartOptions {
  /** In milliseconds. */
  monotonic: () => number;
  /** See ServedApi. */
  quietMs: number;
}

/**
 * Writes the pieces of an answer from its first visible event on, so that a failure before it gets its own status. Heartbeats are
 * written after a while, because a proxy or a client may close a connection that sends nothing.
 */
export class StreamStart {
  readonly #writer: EventWriter;
  readonly #monotonic: () => number;
  readonly #quietUntil: number;
  /** Undefined from the first visible event on. */
  #held: StreamPiece[] | undefined = [];

  constructor(writer: EventWriter, { monotonic, quietMs }: StreamStartOptions) {
    this.#writer = writer;
    this.#monotonic = monotonic;
    this.#quietUntil = monotonic() + quietMs;
  }

  write(event: CompletionEvent, pieces: readonly StreamPiece[]): void {
    if (this.#held === undefined) return this.#writer.write(pieces);
    if (event.type === 'heartbeat') {
      if (this.#writer.hasBegun || this.#monotonic() >= this.#quietUntil) this.#writer.write(pieces);
      return;
    }
    for (const piece of pieces) this.#held.push(piece);
    if (isVisible(event) || event.type === 'response-end') this.release();
  }

  /** Writes what is held: nothing visible will follow. */
  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    this.#writer.write(held);
  }
}
