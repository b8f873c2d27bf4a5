// Separate from the sorting, so that declaring a flag does not load the decimal library.

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
 * `price`: blended, cheapest first · `input-price`, `output-price`: cheapest first · `context`: longest first · `newest`: newest first · `name`:
 * by id, case-insensitive · `throughput`, `uptime`: highest first, `latency`: lowest first, each of the model's best endpoint · `value`: most
 * benchmark points for the blended price first, free models before all others.
 */
export type ModelSort = (typeof MODEL_SORTS)[number];

/** The sort orders that need the endpoints of every model. */
export const ENDPOINT_SORT_KEYS: ReadonlySet<ModelSort> = new Set(['throughput', 'latency', 'uptime']);
