import type { Decimal } from '../decimal.ts';
import type { Model } from '../providers/catalogue.ts';
import { compareText } from './compare-text.ts';
import { quote, type Quote, type Workload } from './quote.ts';

/** A model, what the workload costs on it, and how that compares. */
export interface RankedQuote {
  model: Model;
  quote: Quote;
  /** How many times the cheapest amount that is not zero; undefined where there is no amount to compare. */
  multiple?: Decimal | undefined;
}

/** Quotes for all models: cheapest first, equal ones by id, then those without a price per token, those that vary last. */
export function rankQuotes(models: readonly Model[], workload: Workload, at: Date): RankedQuote[] {
  const quotes: RankedQuote[] = models.map((model) => ({ model, quote: quote(model, workload, at) }));
  quotes.sort(compareQuotes);
  const totals = quotes.map((entry) => totalOf(entry.quote)).filter((total) => total !== undefined);
  const cheapest = totals.find((total) => total.gt(0));
  return quotes.map((entry) => {
    const total = totalOf(entry.quote);
    return cheapest === undefined || total === undefined || total.eq(0) ? entry : { ...entry, multiple: total.div(cheapest) };
  });
}

function compareQuotes(a: RankedQuote, b: RankedQuote): number {
  const [left, right] = [totalOf(a.quote), totalOf(b.quote)];
  const byAmount = left !== undefined && right !== undefined ? left.cmp(right) : rank(a.quote) - rank(b.quote);
  return byAmount !== 0 ? byAmount : compareText(a.model.id, b.model.id);
}

function totalOf(of: Quote): Decimal | undefined {
  return of.kind === 'amount' ? of.total : undefined;
}

function rank({ kind }: Quote): number {
  return ['amount', 'other', 'varies'].indexOf(kind);
}
