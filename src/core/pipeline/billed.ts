import type { CompletionEvent, Usage } from '../../apis/completion.ts';
import { paidCost } from '../../paid-cost.ts';

/** Returns whether an event shows that its attempt was charged. Another attempt would be charged, too. */
export function isBilled(event: CompletionEvent): boolean {
  return event.type === 'usage' && isPaid(event.usage);
}

/** Returns whether an attempt with this usage was charged: it has a cost, or tokens whose cost is not known. */
export function isPaid(usage: Usage): boolean {
  const cost = paidCost(usage);
  return cost === undefined ? usage.completionTokens > 0 : Number(cost) > 0;
}
