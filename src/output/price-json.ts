import type { RankedQuote } from '../core/rank-quotes.ts';
import type { Workload } from '../core/quote.ts';
import { decimalText } from '../decimal.ts';

/**
 * A quote as data. Amounts are USD as exact decimal text; `cost` and `parts` are null where no amount can be named: with `varies`
 * the price depends on where a router sends the request, with neither `varies` nor `per_token` the model is paid in other
 * units. `multiple` is how many times the cheapest cost above zero, rounded to four digits after the point.
 */
export function priceJson({ model, quote, multiple }: RankedQuote, workload: Workload): Record<string, unknown> {
  const isAmount = quote.kind === 'amount';
  return {
    model: model.id,
    cost: isAmount ? decimalText(quote.total) : null,
    currency: 'USD',
    parts: isAmount
      ? {
          input: decimalText(quote.parts.input),
          output: decimalText(quote.parts.output),
          request: decimalText(quote.parts.request),
        }
      : null,
    workload: { prompt_tokens: workload.promptTokens, completion_tokens: workload.completionTokens },
    varies: quote.kind === 'varies',
    per_token: quote.kind !== 'other',
    multiple: multiple === undefined ? null : decimalText(multiple.round(4)),
  };
}
