import { decimal, decimalText } from '../../decimal.ts';
import type { CompletionEvent, Usage } from '../../apis/completion.ts';

/** What several attempts come to: the counts of the last one, the cost of all, and times from the moment of the first. */
export interface AllAttempts {
  /** The next attempt begins, now or at this moment. */
  begin: (at?: number) => void;
  /** An event of the attempt under way, with the cost and the time of those before it. */
  see: (event: CompletionEvent) => CompletionEvent;
  /** The attempt under way has failed; `pending` are its events that nobody has seen. What it was billed for goes on counting. */
  endFailed: (pending: readonly CompletionEvent[]) => void;
  /** The usage of failed attempts that were billed, while no later one has told its own. */
  unseenUsage: () => Usage | undefined;
}

/** `monotonic` is in milliseconds. The time starts at `start`, by default now, and with it the first attempt. */
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
