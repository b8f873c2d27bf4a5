import type { EndpointQuote } from '../../core/price/quote-range.ts';
import type { QuoteParts } from '../../core/price/quote.ts';
import type { RankedQuote } from '../../core/price/rank-quotes.ts';
import { decimalText } from '../../decimal.ts';

/**
 * Returns a quote as data. Amounts are USD as exact decimal text. `cost` and `parts` are those of the cheapest endpoint, and null
 * if there is no amount: with `varies`, the price depends on where a router sends the request; with `unknown`, no source states
 * it; without `per_token`, the model is priced in other units; otherwise no endpoint matches. `multiple` is the cost divided by
 * the cheapest cost above zero, rounded to four decimals. `requests` is the number of requests per month.
 */
export function priceJson({ model, workload, quote, multiple }: RankedQuote, requests?: number): Record<string, unknown> {
  const range = quote.kind === 'amount' ? quote : undefined;
  const excluded = quote.kind === 'amount' || quote.kind === 'none' ? quote.excluded : [];
  const { counted } = workload;
  return {
    model: model.id,
    cost: range === undefined ? null : decimalText(range.low.total),
    currency: 'USD',
    parts: range === undefined ? null : partsJson(range.low.parts),
    workload: {
      prompt_tokens: workload.promptTokens,
      completion_tokens: workload.completionTokens,
      cached_tokens: workload.cachedTokens,
      cache_write_tokens: workload.cacheWriteTokens,
      reasoning_tokens: workload.reasoningTokens,
      images: workload.images,
      image_tokens: workload.imageTokens,
      searches: workload.searches,
      counted_with: counted?.countedWith ?? null,
      is_exact: counted?.isExact ?? null,
      margin: counted?.margin === undefined ? null : counted.margin,
      output_from: workload.outputFrom,
    },
    varies: quote.kind === 'varies',
    per_token: quote.kind !== 'other',
    unknown: quote.kind === 'unknown',
    multiple: multiple === undefined ? null : decimalText(multiple.round(4)),
    prices_from: range === undefined ? null : range.low.endpoint === undefined ? 'catalogue' : 'endpoints',
    low: range === undefined ? null : endpointJson(range.low),
    high: range === undefined ? null : endpointJson(range.high),
    endpoints: range?.all.map(endpointJson) ?? [],
    excluded: excluded.map(({ endpoint, because }) => ({ provider: endpoint.providerName, tag: endpoint.tag, because })),
    ...(requests === undefined ? {} : { month: monthJson(range, requests) }),
  };
}

function monthJson(range: { low: EndpointQuote; high: EndpointQuote } | undefined, requests: number): unknown {
  return {
    requests,
    low: range === undefined ? null : decimalText(range.low.total.times(requests)),
    high: range === undefined ? null : decimalText(range.high.total.times(requests)),
  };
}

function endpointJson({ endpoint, total, parts }: EndpointQuote): Record<string, unknown> {
  return {
    provider: endpoint?.providerName ?? null,
    tag: endpoint?.tag ?? null,
    cost: decimalText(total),
    parts: partsJson(parts),
  };
}

function partsJson(parts: QuoteParts): Record<string, string> {
  return {
    input: decimalText(parts.input),
    output: decimalText(parts.output),
    request: decimalText(parts.request),
    cache_read: decimalText(parts.cacheRead),
    cache_write: decimalText(parts.cacheWrite),
    images: decimalText(parts.images),
    reasoning: decimalText(parts.reasoning),
    search: decimalText(parts.search),
  };
}
