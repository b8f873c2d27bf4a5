import { OrxError } from '../../errors.ts';
import { type CompletionEvent, isVisible, type StreamCompletion } from '../../apis/completion.ts';
import { type AllAttempts, allAttempts } from './all-attempts.ts';
import type { ModelLimit } from '../../storage/limits/shared-limits.ts';
import { isBilled } from './billed.ts';
import { backoffMs } from './backoff.ts';
import { PacedAttempt } from './paced-attempt.ts';

export interface RetryOptions {
  /** Most retries of a request; 0 = none. */
  retries: number;
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** From 0 to 1. */
  random: () => number;
  /** In milliseconds. */
  monotonic: () => number;
  /** Milliseconds from the start of a request after which no retry starts. */
  longestMs: number;
  /** Returns the learned limits of a model; undefined: none apply. */
  limitOf?: ((model: string) => ModelLimit | undefined) | undefined;
}

/**
 * Returns the same stream, and sends the request again after a transient failure, as long as nothing visible has arrived: a later retry would
 * show, and charge for, an answer twice. It waits as long as the server asks, or else 0.5 s, doubled each time, with jitter; if the wait
 * would end after `longestMs`, the error is passed on. Each failed attempt yields a `retry` event. Its cost is part of the `usage` of the last
 * attempt, and its time part of the `metrics`. Each attempt keeps to the limits that the server has stated.
 */
export function retry(stream: StreamCompletion, options: RetryOptions): StreamCompletion {
  return async function* retryingStream(request, streamOptions) {
    const { monotonic, sleep, random } = options;
    const signal = streamOptions?.signal;
    const startedAt = monotonic();
    const leftMs = (): number => options.longestMs - (monotonic() - startedAt);
    const limit = options.limitOf?.(request.model);
    let attempts: AllAttempts | undefined;
    for (let attempt = 1; ; attempt += 1) {
      const paced = new PacedAttempt(limit, options, signal);
      let hasShown = false;
      // Only the events of the attempt that answers are yielded, so that only one reports a model.
      let pending: CompletionEvent[] = [];
      try {
        yield* paced.take(leftMs());
        // The times of an answer begin with its first attempt: nothing was sent before.
        if (attempts === undefined) attempts = allAttempts(monotonic);
        else attempts.begin();
        for await (const one of stream(
          request,
          limit === undefined ? streamOptions : { ...streamOptions, onHeadroom: paced.note },
        )) {
          const event = attempts.see(one);
          if (!hasShown && !isVisible(event) && event.type !== 'response-end') {
            if (event.type === 'heartbeat') yield event;
            else pending.push(event);
            continue;
          }
          if (!hasShown) {
            hasShown = true;
            yield* pending;
            pending = [];
          }
          yield event;
        }
        await paced.succeed();
        return;
      } catch (error) {
        await paced.fail(error);
        const isFinal = hasShown || attempt > options.retries || pending.some(isBilled);
        const waitMs = isFinal ? undefined : waitBefore(error, attempt, leftMs(), random);
        if (waitMs === undefined) {
          yield* pending;
          const billed = attempts?.unseenUsage();
          if (billed !== undefined) yield { type: 'usage', usage: billed };
          throw error;
        }
        attempts?.endFailed(pending);
        yield { type: 'retry', attempt, error, waitMs };
        try {
          await sleep(waitMs, signal);
        } catch (stopped) {
          const billed = attempts?.unseenUsage();
          if (billed !== undefined) yield { type: 'usage', usage: billed };
          throw stopped;
        }
      } finally {
        await paced.end();
      }
    }
  };
}

/** Returns how long to wait before the next attempt, in ms. Undefined: the failure is final. */
export function waitBefore(error: unknown, attempt: number, leftMs: number, random: () => number): number | undefined {
  if (!(error instanceof OrxError) || !error.isRetryable) return undefined;
  const waitMs = error.retryAfterMs ?? backoffMs(attempt, random);
  return waitMs <= leftMs ? waitMs : undefined;
}
