import type { Decimal } from '../../decimal.ts';
import type { Model } from '../../apis/catalogue.ts';
import { compareText } from '../text/compare-text.ts';
import type { RangeQuote } from './quote-range.ts';
import type { PlannedWorkload } from './plan-workload.ts';

/** A model and what a workload costs on it. */
export interface ModelQuote {
  model: Model;
  /** The workload as this model counts it. */
  workload: PlannedWorkload;
  quote: RangeQuote;
}

/** The same, and how it compares. */
export interface RankedQuote extends ModelQuote {
  /** How many times the cheapest amount that is not zero, at the cheapest endpoint; undefined where there is no amount to compare. */
  multiple?: Decimal | undefined;
}

/**
 * By what the workload costs at the cheapest endpoint, cheapest first, equal ones by the most expensive endpoint and then by id; behind them those
 * that nobody may answer, those without a price per token, those whose price varies, and last those whose price is not known.
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
