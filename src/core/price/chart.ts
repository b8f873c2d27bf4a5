import type { Decimal } from '../../decimal.ts';
import type { Model } from '../../apis/catalogue.ts';
import type { RankedQuote } from './rank-quotes.ts';

/** The axes against which cost is plotted: tokens of context, or a benchmark index of the catalogue. Higher is better for all. */
export const CHART_AXES = ['context', 'intelligence', 'coding', 'agentic'] as const;
export type ChartAxis = (typeof CHART_AXES)[number];

/** A model on the chart. */
export interface ChartPoint {
  quote: RankedQuote;
  /** Cost at the cheapest endpoint. */
  cost: Decimal;
  value: number;
  /** No other model has a higher value for less money or the same, or the same value for less. */
  isEfficient: boolean;
}

/** Returns the models that have both a cost and a value, cheapest first, and marks the efficient ones. */
export function chartPoints(quotes: readonly RankedQuote[], axis: ChartAxis): ChartPoint[] {
  const points = quotes.flatMap((quote): Omit<ChartPoint, 'isEfficient'>[] => {
    const value = valueOf(quote.model, axis);
    return quote.quote.kind === 'amount' && value !== undefined ? [{ quote, cost: quote.quote.low.total, value }] : [];
  });
  points.sort((a, b) => a.cost.cmp(b.cost) || b.value - a.value);
  let best = -Infinity;
  return points.map((point) => {
    const isEfficient = point.value > best;
    best = Math.max(best, point.value);
    return { ...point, isEfficient };
  });
}

function valueOf({ contextLength, benchmarks }: Model, axis: ChartAxis): number | undefined {
  const value = axis === 'context' ? contextLength : benchmarks?.[axis];
  return value !== undefined && value > 0 ? value : undefined;
}
