import { commentFlood, MAX_COMMENTS, stalled } from './stream-failure.ts';
import { monotonicMs } from '../../monotonic.ts';

/**
 * Tells a stalled answer from a slow one: comments and pings show that the connection is alive, not that the answer continues. The time of silence
 * begins with the first of them after a piece of the answer, because other limits apply to a connection on which nothing arrives.
 */
export class KeepAliveWatch {
  readonly #stallMs: number | undefined;
  #comments = 0;
  #since: number | undefined;

  /** `stallMs`: the longest time without a piece of the answer. Undefined: any. */
  constructor(stallMs: number | undefined) {
    this.#stallMs = stallMs;
  }

  /** A comment has arrived. Throws OrxError of kind `network` if there are too many, or if the answer has stalled. */
  countComment(): void {
    this.#comments += 1;
    if (this.#comments > MAX_COMMENTS) throw commentFlood();
    this.check();
  }

  /** Something has arrived that is no piece of the answer. Throws OrxError of kind `network` if the answer has stalled. */
  check(): void {
    if (this.#stallMs === undefined) return;
    const now = monotonicMs();
    this.#since ??= now;
    if (now - this.#since > this.#stallMs) throw stalled(this.#stallMs);
  }

  /** A piece of the answer has arrived. */
  progress(): void {
    this.#since = undefined;
  }
}
