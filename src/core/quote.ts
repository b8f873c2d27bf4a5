import { decimal, type Decimal } from '../decimal.ts';
import type { Model, Price } from '../providers/catalogue.ts';
import { effectivePricing } from './effective-pricing.ts';
import { priceKind } from './price-kind.ts';

/** What is to be paid for. */
export interface Workload {
  promptTokens: number;
  completionTokens: number;
}

/** Exact USD. The total is the sum of the parts. */
export interface QuoteParts {
  input: Decimal;
  output: Decimal;
  /** Fee of one request. */
  request: Decimal;
}

/** What a workload costs on a model, before it is sent; `varies` and `other` as in PriceKind: no amount can be named. */
export type Quote = { kind: 'amount'; total: Decimal; parts: QuoteParts } | { kind: 'varies' } | { kind: 'other' };

/** The price of a workload at the catalogue's prices for its size and this moment. Exact: no rounding anywhere. */
export function quote(model: Model, workload: Workload, at: Date): Quote {
  const kind = priceKind(model);
  if (kind === 'varies' || kind === 'other') return { kind };
  const prices = effectivePricing(model.pricing, { promptTokens: workload.promptTokens, at });
  const { prompt, completion, request } = prices;
  if (prompt === 'varies' || completion === 'varies' || request === 'varies') return { kind: 'varies' };
  const parts: QuoteParts = {
    input: times(prompt, workload.promptTokens),
    output: times(completion, workload.completionTokens),
    request: request ?? decimal(0),
  };
  return { kind: 'amount', total: parts.input.plus(parts.output).plus(parts.request), parts };
}

function times(price: Exclude<Price, 'varies'> | undefined, count: number): Decimal {
  return price === undefined ? decimal(0) : price.times(count);
}
