import { OrxError } from '../../errors.ts';
import { type CompletionEvent, isVisible, type StreamCompletion } from '../../apis/completion.ts';
import { allAttempts } from './all-attempts.ts';
import { backoffMs, LONGEST_WAIT_MS } from './backoff.ts';

export interface RetryOptions {
  /** Most retries of a request; 0 = none. */
  retries: number;
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** From 0 to 1. */
  random: () => number;
  /** In milliseconds. */
  monotonic: () => number;
}

/**
 * Returns the same stream, and sends the request again after a transient failure, as long as nothing visible has arrived: a later retry would
 * show, and charge for, an answer twice. It waits as long as the server asks, or else 0.5 s, doubled each time, with jitter; if a server asks
 * for more than 30 s, its error is passed on. Each failed attempt yields a `retry` event. Its cost is part of the `usage` of the last attempt,
 * and its time part of the `metrics`.
 */
export function retry(stream: StreamCompletion, options: RetryOptions): StreamCompletion {
  return async function* retryingStream(request, streamOptions) {
    const attempts = allAttempts(options.monotonic);
    for (let attempt = 1; ; attempt += 1) {
      if (attempt > 1) attempts.begin();
      let hasShown = false;
      // Only the events of the attempt that answers are yielded, so that only one reports a model.
      let pending: CompletionEvent[] = [];
      try {
        for await (const one of stream(request, streamOptions)) {
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
        return;
      } catch (error) {
        const waitMs = hasShown || attempt > options.retries ? undefined : waitBefore(error, attempt, options.random);
        if (waitMs === undefined) {
          yield* pending;
          const billed = attempts.unseenUsage();
          if (billed !== undefined) yield { type: 'usage', usage: billed };
          throw error;
        }
        attempts.endFailed(pending);
        yield { type: 'retry', attempt, error, waitMs };
        try {
          await options.sleep(waitMs, streamOptions?.signal);
        } catch (stopped) {
          const billed = attempts.unseenUsage();
          if (billed !== undefined) yield { type: 'usage', usage: billed };
          throw stopped;
        }
      }
    }
  };
}

function waitBefore(error: unknown, attempt: number, random: () => number): number | undefined {
  if (!(error instanceof OrxError) || !error.isRetryable) return undefined;
  if (error.retryAfterMs !== undefined) return error.retryAfterMs <= LONGEST_WAIT_MS ? error.retryAfterMs : undefined;
  return backoffMs(attempt, random);
}
