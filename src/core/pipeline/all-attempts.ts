import { decimal, decimalText } from '../../decimal.ts';
import type { CompletionEvent, Usage } from '../../apis/completion.ts';

/** Combines several attempts: the token counts of the last one, the cost of all, and times from the start of the first. */
export interface AllAttempts {
  /** Starts the next attempt, now or at this moment. */
  begin: (at?: number) => void;
  /** Returns an event of the current attempt, with the cost and the time of the attempts before it added. */
  see: (event: CompletionEvent) => CompletionEvent;
  /** Ends the current attempt, which failed; `pending` are its events that were not yielded. Its cost still counts. */
  endFailed: (pending: readonly CompletionEvent[]) => void;
  /** Returns the usage of failed attempts that cost something, unless a later attempt has reported its own. */
  unseenUsage: () => Usage | undefined;
}

/** Creates the combination and starts the first attempt at `start` (default: now). `monotonic` is in milliseconds. */
export function allAttempts(monotonic: () => number, start: number = monotonic()): AllAttempts {
  let lateMs = 0;
  let billed: Usage | undefined;
  let hasUsage = false;
  return {
    begin: (at = monotonic()) => void (lateMs = at - start),
    see(event) {
      if (event.type === 'usage') {
        hasUsage = true;
        return { ...event, usage: withBilled(event.usage, billed) };
      }
      return event.type === 'metrics' && lateMs > 0 ? late(event, lateMs) : event;
    },
    endFailed(pending) {
      billed = pending.findLast((event) => event.type === 'usage')?.usage ?? billed;
      hasUsage = false;
    },
    unseenUsage: () => (hasUsage ? undefined : billed),
  };
}

function late(event: Extract<CompletionEvent, { type: 'metrics' }>, lateMs: number): CompletionEvent {
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
