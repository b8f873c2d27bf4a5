import type { Price, Pricing } from '../../apis/catalogue.ts';
import type { ModelSpan } from '../../storage/market/market.ts';
import { diffPrices, type PriceChange } from './diff.ts';

/** A stretch of time in which a model had the same prices. Times in milliseconds since 1970. */
export interface PriceStep {
  from: number;
  /** When it was seen with other prices; else when it was seen last. */
  to: number;
  pricing: Pricing;
  /** What differs from the step before; empty for the first one, and for one that follows a gap unchanged. */
  changes: readonly PriceChange[];
  /** It was not listed between the step before and this one. */
  isReturn: boolean;
}

/** How the prices of a model went, oldest first. What else changed of it makes no step. */
export function priceSteps(history: readonly ModelSpan[]): PriceStep[] {
  const steps: PriceStep[] = [];
  for (const { from, to, model } of history) {
    const last = steps.at(-1);
    const changes = last === undefined ? [] : diffPrices(last.pricing, model.pricing);
    const isReturn = last !== undefined && last.to < from;
    if (last !== undefined && !isReturn && changes.length === 0) last.to = to;
    else steps.push({ from, to, pricing: model.pricing, changes, isReturn });
  }
  return steps;
}

/** The prices at `count` moments, evenly apart from the first to the last; undefined where the model was not listed. */
export function sampleSteps(
  steps: readonly PriceStep[],
  priceOf: (pricing: Pricing) => Price | undefined,
  count: number,
): (Price | undefined)[] {
  const [start, end] = [steps[0]?.from ?? 0, steps.at(-1)?.to ?? 0];
  return Array.from({ length: count }, (_, index) => {
    const moment = count === 1 ? end : start + ((end - start) * index) / (count - 1);
    const step = steps.findLast(({ from }) => from <= moment);
    return step === undefined || moment > step.to ? undefined : priceOf(step.pricing);
  });
}
