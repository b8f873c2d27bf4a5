import { type CompletionEvent, isVisible } from '../../apis/completion.ts';
import type { TargetAttempt } from './target-state.ts';

/** Reports the progress of an attempt to the state of its target. The attempt begins now. */
export class TargetWatch {
  readonly #lease: TargetAttempt;
  readonly #monotonic: () => number;
  readonly #startedAt: number;
  #hasToken = false;
  #tokens = 0;
  #tokensPerSecond: number | undefined;

  constructor(lease: TargetAttempt, monotonic: () => number) {
    this.#lease = lease;
    this.#monotonic = monotonic;
    this.#startedAt = monotonic();
  }

  see(event: CompletionEvent): void {
    if (!this.#hasToken && isVisible(event)) {
      this.#hasToken = true;
      this.#lease.firstToken(this.#monotonic() - this.#startedAt);
    } else if (event.type === 'usage') {
      this.#tokens = event.usage.totalTokens;
    } else if (event.type === 'metrics') {
      this.#tokensPerSecond = event.metrics.throughput;
    } else if (event.type === 'response-end') {
      this.#lease.succeed({ tokens: this.#tokens, tokensPerSecond: this.#tokensPerSecond });
    }
  }
}
