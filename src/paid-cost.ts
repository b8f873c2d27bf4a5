import { decimal, decimalText } from './decimal.ts';

/** The two parts of what a request costs. */
export interface CostParts {
  /** USD charged by the API, exact decimal text. */
  cost?: string | undefined;
  /** USD that the provider charges the user's own key; undefined where no such key was used. Never part of `cost`. */
  upstreamCost?: string | undefined;
}

/** Returns what the user pays altogether, or undefined when nothing is known. */
export function paidCost({ cost, upstreamCost }: CostParts): string | undefined {
  if (upstreamCost === undefined || cost === undefined) return cost ?? upstreamCost;
  return decimalText(decimal(cost).plus(upstreamCost));
}
