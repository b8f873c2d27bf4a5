import type { Decimal } from '../../decimal.ts';
import type { Model } from '../../apis/catalogue.ts';
import { compareText } from '../text/compare-text.ts';
import { type Blend, parseBlend, tokenPrices, weightedPrice } from './blend.ts';
import { DEFAULT_BLEND } from '../settings/blend-text.ts';
import { bestEndpoint, type MarketFacts } from './market-facts.ts';
import type { Benchmark } from './benchmarks.ts';
import { modelValue } from './value.ts';
import type { ModelSort } from './sorts.ts';
import { priceKind } from '../price/kind.ts';

export interface SortOptions {
  /** Reverses the order of known values. */
  reverse?: boolean | undefined;
  /** Default: 3 parts input, 1 part output. */
  blend?: Blend | undefined;
  facts?: MarketFacts | undefined;
  /** The benchmark for `value`. Default: intelligence. */
  benchmark?: Benchmark | undefined;
}

/** The sort key of a model. Groups keep their order; within a group values ascend, and the first difference decides. */
interface SortKey {
  group: number;
  values: readonly (Decimal | number | string)[];
}

type Key = (model: Model, options: SortOptions & { blend: Blend }) => SortKey;

const KEYS: Readonly<Record<ModelSort, Key>> = {
  price: (model, { blend }) => priceKey(model, weightedPrice(model, blend)),
  'input-price': (model) => priceKey(model, tokenPrices(model)?.prompt),
  'output-price': (model) => priceKey(model, tokenPrices(model)?.completion),
  context: ({ contextLength }) => descending(contextLength),
  newest: ({ created }) => descending(created),
  name: ({ id }) => ({ group: 0, values: [id.toLowerCase()] }),
  throughput: (model, { facts }) => descending(bestEndpoint(model, facts).throughput),
  latency: (model, { facts }) => ascending(bestEndpoint(model, facts).latency),
  uptime: (model, { facts }) => descending(bestEndpoint(model, facts).uptime),
  value: valueKey,
};

/**
 * Returns a sorted copy. `reverse` reverses the order of known values; models without a value stay last (by price: first those that are not
 * priced per token, then those whose price varies, then those whose price is unknown). Equal models are sorted by id.
 */
export function sortModels(models: readonly Model[], sort: ModelSort, options: SortOptions = {}): Model[] {
  const direction = options.reverse === true ? -1 : 1;
  const withBlend = { ...options, blend: options.blend ?? parseBlend(DEFAULT_BLEND) };
  return models
    .map((model) => ({ model, ...KEYS[sort](model, withBlend) }))
    .sort((a, b) => a.group - b.group || direction * compareAll(a.values, b.values) || compareText(a.model.id, b.model.id))
    .map(({ model }) => model);
}

function priceKey(model: Model, price: Decimal | undefined): SortKey {
  if (price !== undefined) return { group: 0, values: [price] };
  const kind = priceKind(model);
  return { group: kind === 'unknown' ? 3 : kind === 'varies' ? 2 : 1, values: [] };
}

/** A free model has a better value than any that costs something; free models are compared by their points. */
function valueKey(model: Model, { blend, benchmark = 'intelligence' }: SortOptions & { blend: Blend }): SortKey {
  const value = modelValue(model, benchmark, blend);
  if (value === undefined) return { group: 1, values: [] };
  return { group: 0, values: value === 'free' ? [0, -(model.benchmarks?.[benchmark] ?? 0)] : [1, value.neg()] };
}

function descending(value: number | undefined): SortKey {
  return value === undefined ? { group: 1, values: [] } : { group: 0, values: [-value] };
}

function ascending(value: number | undefined): SortKey {
  return value === undefined ? { group: 1, values: [] } : { group: 0, values: [value] };
}

function compareAll(a: SortKey['values'], b: SortKey['values']): number {
  for (const [index, value] of a.entries()) {
    const order = compareValues(value, b[index]!);
    if (order !== 0) return order;
  }
  return 0;
}

function compareValues(a: Decimal | number | string, b: Decimal | number | string): number {
  if (typeof a === 'object' && typeof b === 'object') return a.cmp(b);
  return a < b ? -1 : a > b ? 1 : 0;
}
