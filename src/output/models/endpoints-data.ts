import { uptimeOf } from '../../core/models/sort-endpoints.ts';
import { decimalText } from '../../decimal.ts';
import type { Price } from '../../apis/catalogue.ts';
import { csvText } from '../text/csv.ts';
import type { EndpointRow } from './endpoints-table.ts';

const HEADINGS = [
  'provider',
  'tag',
  'quantization',
  'context_length',
  'max_completion_tokens',
  'prompt',
  'completion',
  'input_cache_read',
  'uptime',
  'latency_p50_ms',
  'latency_p99_ms',
  'throughput_p50',
  'zdr',
  'measured_p50_ms',
  'measured_throughput',
  'measured_samples',
];

/** Returns the API's own objects with two fields added: `zdr` (null: unknown) and `measured` (null: nothing measured). */
export function endpointsJson(rows: readonly EndpointRow[]): unknown[] {
  return rows.map(({ endpoint, keepsNothing, measured }) => ({
    ...(endpoint.wire as object),
    zdr: keepsNothing ?? null,
    measured:
      measured === undefined
        ? null
        : {
            samples: measured.samples,
            latency_p50_ms: measured.timeToFirstTokenMs?.p50 ?? null,
            latency_p95_ms: measured.timeToFirstTokenMs?.p95 ?? null,
            throughput_p50: measured.throughput?.p50 ?? null,
          },
  }));
}

/** Returns the endpoints as CSV. Prices are exact USD per token. */
export function endpointsCsv(rows: readonly EndpointRow[]): Promise<string> {
  return csvText(
    HEADINGS,
    rows.map(({ endpoint, keepsNothing, measured }) => [
      endpoint.providerName,
      endpoint.tag,
      endpoint.quantization ?? null,
      endpoint.contextLength ?? null,
      endpoint.maxCompletionTokens ?? null,
      priceData(endpoint.pricing.prompt),
      priceData(endpoint.pricing.completion),
      priceData(endpoint.pricing.cacheRead),
      uptimeOf(endpoint) ?? null,
      endpoint.latency?.p50 ?? null,
      endpoint.latency?.p99 ?? null,
      endpoint.throughput?.p50 ?? null,
      keepsNothing ?? null,
      measured?.timeToFirstTokenMs?.p50 ?? null,
      measured?.throughput?.p50 ?? null,
      measured?.samples ?? null,
    ]),
  );
}

/** Returns a price as data: exact USD per unit, `varies`, or null if there is none. */
export function priceData(price: Price | undefined): string | null {
  return price === undefined ? null : price === 'varies' ? price : decimalText(price);
}
