import type { Decimal } from '../../decimal.ts';
import type { Endpoint, Price } from '../../apis/catalogue.ts';
import { compareText } from '../text/compare-text.ts';
import type { Blend } from './blend.ts';

export const ENDPOINT_SORTS = [
  'price',
  'input-price',
  'output-price',
  'latency',
  'throughput',
  'uptime',
  'context',
  'name',
] as const;

/** Prices and latency: lowest first · throughput, uptime and context: highest first · name: by provider. */
export type EndpointSort = (typeof ENDPOINT_SORTS)[number];

type Key = Decimal | number | string | undefined;

export interface EndpointSortOptions {
  /** Reverses the order of known values; endpoints without a value stay last. */
  reverse?: boolean | undefined;
  /** The blend by which `price` sorts. */
  blend: Blend;
}

const KEYS: Readonly<Record<EndpointSort, (endpoint: Endpoint, blend: Blend) => Key>> = {
  price: ({ pricing: { prompt, completion } }, { input, output }) =>
    typeof prompt === 'object' && typeof completion === 'object' ? prompt.times(input).plus(completion.times(output)) : undefined,
  'input-price': ({ pricing }) => known(pricing.prompt),
  'output-price': ({ pricing }) => known(pricing.completion),
  latency: ({ latency }) => latency?.p50,
  throughput: ({ throughput }) => descending(throughput?.p50),
  uptime: (endpoint) => descending(uptimeOf(endpoint)),
  context: ({ contextLength }) => descending(contextLength),
  name: ({ providerName }) => providerName.toLowerCase(),
};

/** Returns a sorted copy. Equal endpoints are sorted by tag. */
export function sortEndpoints(
  endpoints: readonly Endpoint[],
  sort: EndpointSort,
  { reverse = false, blend }: EndpointSortOptions,
): Endpoint[] {
  const direction = reverse ? -1 : 1;
  return endpoints
    .map((endpoint) => ({ endpoint, key: KEYS[sort](endpoint, blend) }))
    .sort((a, b) => compareKeys(a.key, b.key, direction) || compareText(a.endpoint.tag, b.endpoint.tag))
    .map(({ endpoint }) => endpoint);
}

/** Returns the uptime in percent over the last half hour; if that is not known, over the last day or five minutes. */
export function uptimeOf({ uptimeLast30m, uptimeLast1d, uptimeLast5m }: Endpoint): number | undefined {
  return uptimeLast30m ?? uptimeLast1d ?? uptimeLast5m;
}

function compareKeys(a: Key, b: Key, direction: number): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  if (typeof a === 'object' && typeof b === 'object') return direction * a.cmp(b);
  return direction * (a < b ? -1 : a > b ? 1 : 0);
}

function known(price: Price | undefined): Decimal | undefined {
  return typeof price === 'object' ? price : undefined;
}

function descending(value: number | undefined): number | undefined {
  return value === undefined ? undefined : -value;
}
