import type { Decimal } from '../../decimal.ts';
import type { Model } from '../../apis/catalogue.ts';
import { compareText } from '../text/compare-text.ts';
import type { RangeQuote } from './quote-range.ts';
import type { PlannedWorkload } from './plan-workload.ts';

/** A model and what a workload costs on it. */
export interface ModelQuote {
  model: Model;
  /** The workload, with tokens as this model counts them. */
  workload: PlannedWorkload;
  quote: RangeQuote;
}

/** A quote and its comparison with the cheapest one. */
export interface RankedQuote extends ModelQuote {
  /** Cost at the cheapest endpoint as a multiple of the cheapest amount that is not zero. Undefined if there is no amount to compare. */
  multiple?: Decimal | undefined;
}

/**
 * Sorts by cost at the cheapest endpoint, cheapest first, then by the most expensive endpoint, then by id. Models without an amount follow in
 * this order: no endpoint may answer, no price per token, price varies, price unknown.
 */
export function rankQuotes(quotes: readonly ModelQuote[]): RankedQuote[] {
  const ranked = quotes.toSorted(compareQuotes);
  const cheapest = ranked.map(lowOf).find((total) => total?.gt(0) === true);
  return ranked.map((entry) => {
    const total = lowOf(entry);
    return cheapest === undefined || total === undefined || total.eq(0) ? entry : { ...entry, multiple: total.div(cheapest) };
  });
}

function compareQuotes(a: ModelQuote, b: ModelQuote): number {
  const byAmount =
    a.quote.kind === 'amount' && b.quote.kind === 'amount'
      ? a.quote.low.total.cmp(b.quote.low.total) || a.quote.high.total.cmp(b.quote.high.total)
      : rank(a.quote) - rank(b.quote);
  return byAmount !== 0 ? byAmount : compareText(a.model.id, b.model.id);
}

function lowOf({ quote }: ModelQuote): Decimal | undefined {
  return quote.kind === 'amount' ? quote.low.total : undefined;
}

function rank({ kind }: RangeQuote): number {
  return ['amount', 'none', 'other', 'varies', 'unknown'].indexOf(kind);
}
