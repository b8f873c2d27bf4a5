import {
  type ChatRequest,
  type CompletionEvent,
  isVisible,
  type StreamCompletion,
  type StreamOptions,
} from '../../apis/completion.ts';
import { OrxError } from '../../errors.ts';
import { limitedStream, type WaitClock } from './limited-stream.ts';
import type { AttemptLimits } from './target.ts';
import type { TargetAttempt } from './target-state.ts';
import { TargetWatch } from './target-watch.ts';
import type { NextTarget } from './walk.ts';

/** Progress of an attempt: a heartbeat, an answer that may be passed on, or an error. */
export type Milestone = { type: 'alive'; event: CompletionEvent } | { type: 'answers' } | { type: 'failed'; error: unknown };

export interface RunnerOptions {
  stream: StreamCompletion;
  request: ChatRequest;
  options: StreamOptions;
  candidate: NextTarget;
  limits: AttemptLimits;
  lease: TargetAttempt;
  clock: WaitClock;
  /** No part of the answer is passed on before it is complete. */
  isWhole: boolean;
}

/** One attempt at one target. It holds its events until the first visible one, because until then another attempt may answer. */
export class Runner {
  readonly candidate: NextTarget;
  readonly startedAt: number;
  /** Events that were not passed on yet. */
  readonly held: CompletionEvent[] = [];
  /** What the attempt has cost, if it has ended and this is known. */
  cost: string | undefined;
  readonly #abort = new AbortController();
  readonly #events: AsyncGenerator<CompletionEvent, void, undefined>;
  readonly #lease: TargetAttempt;
  readonly #watch: TargetWatch;
  readonly #isWhole: boolean;
  #hasEnded = false;
  #next: Promise<Milestone> | undefined;

  constructor({ stream, request, options, candidate, limits, lease, clock, isWhole }: RunnerOptions) {
    this.candidate = candidate;
    this.#lease = lease;
    this.#isWhole = isWhole;
    this.startedAt = clock.monotonic();
    this.#watch = new TargetWatch(lease, clock.monotonic);
    const onSettled = (cost: string | undefined): void => void (this.cost = cost);
    this.#events = limitedStream(
      stream,
      request,
      { ...options, onSettled },
      { target: candidate.target, limits, clock, abort: this.#abort },
    );
  }

  /** Returns the next milestone: the same promise until `taken` is called. */
  milestone(): Promise<Milestone> {
    return (this.#next ??= this.#advance());
  }

  taken(): void {
    this.#next = undefined;
  }

  /** Yields the rest of the answer, after the milestone `answers`. */
  async *rest(): AsyncGenerator<CompletionEvent, void, undefined> {
    if (this.#hasEnded) return;
    try {
      for await (const event of this.#events) {
        this.#watch.see(event);
        yield event;
      }
    } catch (error) {
      this.#lease.fail(error);
      throw error;
    }
  }

  /** Ends the attempt at any point, and resolves when it is settled. */
  async close(): Promise<void> {
    this.#lease.release();
    if (this.#hasEnded) return;
    if (this.#next !== undefined) {
      this.#abort.abort(new OrxError('another target answered first', { kind: 'interrupted', code: 'hedge-lost' }));
      await this.#next;
    }
    await this.#events.return().catch(() => undefined);
  }

  async #advance(): Promise<Milestone> {
    try {
      for (;;) {
        const { done, value: event } = await this.#events.next();
        if (done === true) {
          this.#hasEnded = true;
          return { type: 'answers' };
        }
        this.#watch.see(event);
        if (event.type === 'heartbeat') return { type: 'alive', event };
        this.held.push(event);
        if (event.type === 'response-end' || (!this.#isWhole && isVisible(event))) return { type: 'answers' };
      }
    } catch (error) {
      this.#hasEnded = true;
      this.#lease.fail(error);
      return { type: 'failed', error };
    }
  }
}
