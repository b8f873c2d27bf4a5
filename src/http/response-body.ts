/** What a ResponseBody needs from its exchange. */
export interface Flow {
  pause: () => void;
  resume: () => void;
  abort: (reason: Error) => void;
}

// High enough that a fast network never waits for a busy reader, low enough that a slow reader slows the server down.
const HIGH_WATER_BYTES = 256 * 1024;
const LOW_WATER_BYTES = 64 * 1024;
const JOINED_BYTES = 16 * 1024;
/** How long to receive the rest of a body that the reader has left, before the connection is closed. */
const REST_MS = 1000;

/** The body of one reply: the connection pushes pieces, one reader pulls them, with backpressure. */
export class ResponseBody implements AsyncIterable<Uint8Array>, AsyncIterator<Uint8Array, undefined> {
  readonly #flow: Flow;
  #pieces: Uint8Array[] = [];
  #next = 0;
  #bytes = 0;
  #isPaused = false;
  #isDiscarding = false;
  #state: 'open' | 'complete' | 'failed' = 'open';
  #error: unknown;
  #wake: (() => void) | undefined;

  constructor(flow: Flow) {
    this.#flow = flow;
  }

  push(piece: Uint8Array): void {
    if (this.#isDiscarding || this.#state !== 'open') return;
    this.#pieces.push(piece);
    this.#bytes += piece.length;
    if (this.#bytes > HIGH_WATER_BYTES && !this.#isPaused) {
      this.#isPaused = true;
      this.#flow.pause();
    }
    this.#wake?.();
  }

  complete(): void {
    if (this.#state === 'open') this.#state = 'complete';
    this.#wake?.();
  }

  /** The reader gets the pieces that have arrived, then the error. */
  fail(error: unknown): void {
    if (this.#state !== 'open') return;
    this.#state = 'failed';
    this.#error = error;
    this.#wake?.();
  }

  cancel(): void {
    if (this.#state !== 'open') return;
    this.fail(new Error('canceled'));
    this.#flow.abort(new Error('canceled'));
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    for (;;) {
      const piece = this.#take();
      if (piece !== undefined) return { done: false, value: piece };
      if (this.#state === 'failed') throw this.#error;
      if (this.#state === 'complete') return { done: true, value: undefined };
      await new Promise<void>((resolve) => (this.#wake = resolve));
      this.#wake = undefined;
    }
  }

  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (this.#state === 'open') {
      this.#isDiscarding = true;
      if (this.#isPaused) this.#flow.resume();
      setTimeout(() => this.cancel(), REST_MS).unref();
    }
    this.#pieces = [];
    this.#next = 0;
    return { done: true, value: undefined };
  }

  /** Returns the next piece. Short pieces that have arrived together are one, because each costs its reader several promises. */
  #take(): Uint8Array | undefined {
    const first = this.#pieces[this.#next];
    if (first === undefined) return undefined;
    let end = this.#next + 1;
    let size = first.length;
    while (end < this.#pieces.length && size + this.#pieces[end]!.length <= JOINED_BYTES) size += this.#pieces[end++]!.length;
    const piece = end === this.#next + 1 ? first : Buffer.concat(this.#pieces.slice(this.#next, end), size);
    this.#next = end;
    if (this.#next === this.#pieces.length) {
      this.#pieces = [];
      this.#next = 0;
    }
    this.#bytes -= piece.length;
    if (this.#isPaused && this.#bytes < LOW_WATER_BYTES) {
      this.#isPaused = false;
      this.#flow.resume();
    }
    return piece;
  }
}
