import { OrxError } from '../errors.ts';
import { type CompletionEvent, isVisible, type StreamCompletion } from '../providers/completion.ts';

export interface RetryOptions {
  /** How often a request may be sent again; 0 = never. */
  retries: number;
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** From 0 to 1. */
  random: () => number;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;

/**
 * The same stream, sent again when it fails in a way that may pass, as long as nothing visible has come: a retry after that would show
 * an answer twice and bill it twice. Waits as long as the server asks, else 0.5 s doubled each time with jitter; a server that asks
 * for more than 30 s has its error passed on. Each failed attempt is told in a `retry` event.
 */
export function retrying(stream: StreamCompletion, options: RetryOptions): StreamCompletion {
  return async function* retryingStream(request, streamOptions) {
    for (let attempt = 1; ; attempt += 1) {
      let hasShown = false;
      // Only one attempt may say who answers: that of the attempt that did.
      let held: CompletionEvent[] = [];
      try {
        for await (const event of stream(request, streamOptions)) {
          if (!hasShown && !isVisible(event) && event.type !== 'response-end') {
            if (event.type === 'heartbeat') yield event;
            else held.push(event);
            continue;
          }
          if (!hasShown) {
            hasShown = true;
            yield* held;
            held = [];
          }
          yield event;
        }
        return;
      } catch (error) {
        const waitMs = hasShown || attempt > options.retries ? undefined : waitBefore(error, attempt, options.random);
        if (waitMs === undefined) {
          yield* held;
          throw error;
        }
        yield { type: 'retry', attempt, error, waitMs };
        await options.sleep(waitMs, streamOptions?.signal);
      }
    }
  };
}

function waitBefore(error: unknown, attempt: number, random: () => number): number | undefined {
  if (!(error instanceof OrxError) || !error.isRetryable) return undefined;
  if (error.retryAfterMs !== undefined) return error.retryAfterMs <= LONGEST_WAIT_MS ? error.retryAfterMs : undefined;
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1) * (0.5 + random()));
}
