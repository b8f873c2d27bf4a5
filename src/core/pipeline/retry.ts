import { decimal, decimalText } from '../../decimal.ts';
import { OrxError } from '../../errors.ts';
import { type CompletionEvent, isVisible, type StreamCompletion, type Usage } from '../../apis/completion.ts';

export interface RetryOptions {
  /** How often a request may be sent again; 0 = never. */
  retries: number;
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** From 0 to 1. */
  random: () => number;
  /** In milliseconds. */
  monotonic: () => number;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;

/**
 * The same stream, sent again when it fails in a way that may pass, as long as nothing visible has come: a retry after that would show
 * an answer twice and bill it twice. Waits as long as the server asks, else 0.5 s doubled each time with jitter; a server that asks
 * for more than 30 s has its error passed on. Each failed attempt is told in a `retry` event. What it was billed for is part of the cost that
 * the last attempt's `usage` tells, and the time that it took part of the `metrics`.
 */
export function retry(stream: StreamCompletion, options: RetryOptions): StreamCompletion {
  return async function* retryingStream(request, streamOptions) {
    let billed: Usage | undefined;
    const start = options.monotonic();
    for (let attempt = 1; ; attempt += 1) {
      const lateMs = attempt === 1 ? 0 : options.monotonic() - start;
      let hasShown = false;
      let hasUsage = false;
      // Only one attempt may say who answers: that of the attempt that did.
      let pending: CompletionEvent[] = [];
      try {
        for await (const one of stream(request, streamOptions)) {
          const event = ofAllAttempts(one, { billed, lateMs });
          if (event.type === 'usage') hasUsage = true;
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
          if (!hasUsage && billed !== undefined) yield { type: 'usage', usage: billed };
          throw error;
        }
        billed = pending.findLast((event) => event.type === 'usage')?.usage ?? billed;
        yield { type: 'retry', attempt, error, waitMs };
        try {
          await options.sleep(waitMs, streamOptions?.signal);
        } catch (stopped) {
          if (billed !== undefined) yield { type: 'usage', usage: billed };
          throw stopped;
        }
      }
    }
  };
}

/** Counts of the last attempt, the cost of all, and times from the moment of the first. */
function ofAllAttempts(
  event: CompletionEvent,
  { billed, lateMs }: { billed: Usage | undefined; lateMs: number },
): CompletionEvent {
  if (event.type === 'usage') return { ...event, usage: withBilled(event.usage, billed) };
  if (event.type !== 'metrics' || lateMs === 0) return event;
  const { timeToFirstTokenMs: first, durationMs } = event.metrics;
  return {
    ...event,
    metrics: {
      ...event.metrics,
      ...(first !== undefined && { timeToFirstTokenMs: first + lateMs }),
      durationMs: durationMs + lateMs,
    },
  };
}

function withBilled(usage: Usage, billed: Usage | undefined): Usage {
  if (billed?.cost === undefined || usage.cost === undefined) return usage;
  const isComputed = usage.isComputed === true || billed.isComputed === true;
  return { ...usage, cost: decimalText(decimal(billed.cost).plus(usage.cost)), ...(isComputed && { isComputed }) };
}

function waitBefore(error: unknown, attempt: number, random: () => number): number | undefined {
  if (!(error instanceof OrxError) || !error.isRetryable) return undefined;
  if (error.retryAfterMs !== undefined) return error.retryAfterMs <= LONGEST_WAIT_MS ? error.retryAfterMs : undefined;
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1) * (0.5 + random()));
}
