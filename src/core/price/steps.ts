import type { Price, Pricing } from '../../apis/catalogue.ts';
import type { ModelSpan } from '../../storage/market/market.ts';
import { diffPrices, type PriceChange } from './diff.ts';

/** A period in which a model's prices did not change. Times in milliseconds since 1970. */
export interface PriceStep {
  from: number;
  /** When the model was first seen with other prices, or else when it was last seen. */
  to: number;
  pricing: Pricing;
  /** The differences from the previous step. Empty for the first step, and for one that follows a gap with unchanged prices. */
  changes: readonly PriceChange[];
  /** The model was not listed between the previous step and this one. */
  isReturn: boolean;
}

/** Returns the periods of constant prices, oldest first. Changes of anything else do not start a new step. */
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

/** Returns the prices at `count` moments, evenly spaced from the first to the last; undefined where the model was not listed. */
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
