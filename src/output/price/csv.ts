import { QUOTE_PARTS } from '../../core/price/quote.ts';
import type { RankedQuote } from '../../core/price/rank-quotes.ts';
import { decimalText, type Decimal } from '../../decimal.ts';
import { csvText } from '../text/csv.ts';

const PART_NAMES = ['input', 'cache_read', 'cache_write', 'images', 'output', 'reasoning', 'request', 'search'];

/**
 * Returns quotes as CSV, one line per model: exact USD, empty if there is no amount; `kind` states why. The parts are those of
 * the cheapest endpoint.
 */
export function priceCsv(quotes: readonly RankedQuote[], requests?: number): Promise<string> {
  const headings = ['model', 'kind', 'cost_low', 'cost_high', 'provider_low', 'tag_low', 'provider_high', 'tag_high'];
  const workload = ['prompt_tokens', 'image_tokens', 'completion_tokens'];
  const month = requests === undefined ? [] : ['month_low', 'month_high'];
  return csvText(
    [...headings, ...workload, ...PART_NAMES, ...month],
    quotes.map(({ model, quote, workload: of }) => {
      const range = quote.kind === 'amount' ? quote : undefined;
      const { low, high } = range ?? {};
      const amount = (value: Decimal | undefined): string | null => (value === undefined ? null : decimalText(value));
      return [
        model.id,
        quote.kind,
        amount(low?.total),
        amount(high?.total),
        low?.endpoint?.providerName ?? null,
        low?.endpoint?.tag ?? null,
        high?.endpoint?.providerName ?? null,
        high?.endpoint?.tag ?? null,
        of.promptTokens,
        of.imageTokens ?? 0,
        of.completionTokens,
        ...QUOTE_PARTS.map((part) => amount(low?.parts[part])),
        ...(requests === undefined ? [] : [amount(low?.total.times(requests)), amount(high?.total.times(requests))]),
      ];
    }),
  );
}
