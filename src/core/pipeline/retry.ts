import { OrxError } from '../../errors.ts';
import { type CompletionEvent, isVisible, type StreamCompletion } from '../../apis/completion.ts';
import { allAttempts } from './all-attempts.ts';
import { backoffMs, LONGEST_WAIT_MS } from './backoff.ts';

export interface RetryOptions {
  /** How often a request may be sent again; 0 = never. */
  retries: number;
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** From 0 to 1. */
  random: () => number;
  /** In milliseconds. */
  monotonic: () => number;
}

/**
 * The same stream, sent again when it fails in a way that may pass, as long as nothing visible has come: a retry after that would show
 * an answer twice and bill it twice. Waits as long as the server asks, else 0.5 s doubled each time with jitter; a server that asks
 * for more than 30 s has its error passed on. Each failed attempt is told in a `retry` event. What it was billed for is part of the cost that
 * the last attempt's `usage` tells, and the time that it took part of the `metrics`.
 */
export function retry(stream: StreamCompletion, options: RetryOptions): StreamCompletion {
  return async function* retryingStream(request, streamOptions) {
    const attempts = allAttempts(options.monotonic);
    for (let attempt = 1; ; attempt += 1) {
      if (attempt > 1) attempts.begin();
      let hasShown = false;
      // Only one attempt may say who answers: that of the attempt that did.
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
