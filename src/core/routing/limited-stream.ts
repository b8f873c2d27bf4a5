import {
  type ChatRequest,
  type CompletionEvent,
  isVisible,
  type StreamCompletion,
  type StreamOptions,
} from '../../apis/completion.ts';
import { OrxError } from '../../errors.ts';
import type { AttemptLimits, Target } from './target.ts';

export interface WaitClock {
  /** In milliseconds. */
  monotonic: () => number;
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** Added to the connection's limits, so that the router's own limit and its error come first. */
const SPARE_MS = 5000;

/**
 * Runs one attempt within its limits. When a limit is exceeded, it aborts the request and throws the limit's error. Only the time that orx waits
 * for the API counts, not the time of a slow consumer. `abort` ends the attempt from outside.
 */
export async function* limitedStream(
  stream: StreamCompletion,
  request: ChatRequest,
  options: StreamOptions,
  { target, limits, clock, abort }: { target: Target; limits: AttemptLimits; clock: WaitClock; abort: AbortController },
): AsyncGenerator<CompletionEvent, void, undefined> {
  const { signal } = options;
  const onAbort = (): void => abort.abort(signal?.reason);
  if (signal?.aborted === true) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  const over = new AbortController();
  const watch = new Watch(target, limits, clock.monotonic);
  if (watch.hasLimits) {
    void watchUntil(over.signal, watch, limits.idleMs, clock, (error) => abort.abort(error));
  }
  try {
    for await (const event of stream(request, { ...options, signal: abort.signal, limits: connectionLimits(request, limits) })) {
      watch.see(event);
      yield event;
      watch.wait();
    }
  } finally {
    over.abort();
    signal?.removeEventListener('abort', onAbort);
  }
}

/** Returns the limits that the connection itself enforces. */
function connectionLimits(
  { stream }: ChatRequest,
  { connectMs, firstTokenMs, idleMs, answerMs }: AttemptLimits,
): StreamOptions['limits'] {
  const wholeMs = stream ? firstTokenMs : answerMs;
  return {
    ...(connectMs !== undefined && { connectMs }),
    ...(wholeMs !== undefined && { firstByteMs: wholeMs + SPARE_MS }),
    ...(idleMs !== undefined && { idleMs: idleMs + SPARE_MS }),
  };
}

async function watchUntil(
  over: AbortSignal,
  watch: Watch,
  idleMs: number | undefined,
  { sleep }: WaitClock,
  end: (error: OrxError) => void,
): Promise<void> {
  for (;;) {
    const nearest = watch.nearest();
    if (nearest !== undefined && nearest.leftMs <= 0) return end(nearest.error());
    // Tokens and pauses of the consumer move the limits, so this is only the time of the next check.
    const nextMs = Math.min(nearest?.leftMs ?? Infinity, idleMs ?? Infinity);
    if (nextMs === Infinity) return;
    try {
      await sleep(nextMs, over);
    } catch {
      return;
    }
    if (over.aborted) return;
  }
}

/** Measures how long an attempt has waited for the API. */
class Watch {
  readonly #target: Target;
  readonly #limits: AttemptLimits;
  readonly #now: () => number;
  readonly #start: number;
  /** Undefined while the consumer works. */
  #waitingSince: number | undefined;
  /** Time that the consumer took so far. */
  #readerMs = 0;
  #pausedAt = 0;
  #hasToken = false;

  constructor(target: Target, limits: AttemptLimits, now: () => number) {
    this.#target = target;
    this.#limits = limits;
    this.#now = now;
    this.#start = now();
    this.#waitingSince = this.#start;
  }

  get hasLimits(): boolean {
    const { firstTokenMs, idleMs, answerMs } = this.#limits;
    return firstTokenMs !== undefined || idleMs !== undefined || answerMs !== undefined;
  }

  see(event: CompletionEvent): void {
    this.#hasToken ||= isVisible(event) || event.type === 'response-end';
    this.#waitingSince = undefined;
    this.#pausedAt = this.#now();
  }

  wait(): void {
    this.#waitingSince = this.#now();
    this.#readerMs += this.#waitingSince - this.#pausedAt;
  }

  /** Returns the limit that will be exceeded first, the time left until then, and its error; undefined if no limit applies any more. */
  nearest(): { leftMs: number; error: () => OrxError } | undefined {
    const now = this.#now();
    const { firstTokenMs, idleMs, answerMs } = this.#limits;
    const waited = now - this.#start - this.#readerMs - (this.#waitingSince === undefined ? now - this.#pausedAt : 0);
    const silent = this.#waitingSince === undefined ? 0 : now - this.#waitingSince;
    const all: { leftMs: number; error: () => OrxError }[] = [];
    const add = (leftMs: number, code: string, what: string): void =>
      void all.push({ leftMs, error: () => new OrxError(`${this.#target.model} ${what}`, { kind: 'network', code }) });
    if (firstTokenMs !== undefined && !this.#hasToken)
      add(firstTokenMs - waited, 'first-token-timeout', `sent no token within ${firstTokenMs / 1000} s`);
    if (idleMs !== undefined && this.#hasToken)
      add(idleMs - silent, 'idle-timeout', `sent nothing for ${idleMs / 1000} s mid-stream`);
    if (answerMs !== undefined)
      add(answerMs - waited, 'answer-timeout', `did not complete its response within ${answerMs / 1000} s`);
    return all.toSorted((one, other) => one.leftMs - other.leftMs)[0];
  }
}
