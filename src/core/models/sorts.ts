// Apart from the arithmetic, so that declaring a flag loads none of it.

export const MODEL_SORTS = [
  'price',
  'input-price',
  'output-price',
  'context',
  'newest',
  'name',
  'throughput',
  'latency',
  'uptime',
  'value',
] as const;

/**
 * `price`: blended, cheapest first · `input-price`, `output-price`: cheapest first · `context`: longest first · `newest`: newest first ·
 * `name`: by id, capitals make no difference · `throughput`, `uptime`: highest first, `latency`: lowest first, each of the model's best
 * endpoint · `value`: most points of a benchmark for the blended price first, free ones before all.
 */
export type ModelSort = (typeof MODEL_SORTS)[number];

/** The sorts that need the endpoints of every model they order. */
export const ENDPOINT_SORT_KEYS: ReadonlySet<ModelSort> = new Set(['throughput', 'latency', 'uptime']);
