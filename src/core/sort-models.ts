import type { Decimal } from '../decimal.ts';
import type { Model } from '../providers/catalogue.ts';
import { compareText } from './compare-text.ts';
import { priceKind } from './price-kind.ts';

export const MODEL_SORTS = ['price', 'context', 'newest', 'name'] as const;

/**
 * `price`: cheapest first, blended from 3 parts input and 1 part output · `context`: longest first · `newest`: newest first ·
 * `name`: by id, capitals make no difference.
 */
export type ModelSort = (typeof MODEL_SORTS)[number];

/** Where a model stands: groups keep their order, values within a group ascend. */
interface SortKey {
  group: number;
  value: Decimal | number | string;
}

const KEYS: Readonly<Record<ModelSort, (model: Model) => SortKey>> = {
  price: priceKey,
  context: ({ contextLength }) => descending(contextLength),
  newest: ({ created }) => descending(created),
  name: ({ id }) => ({ group: 0, value: id.toLowerCase() }),
};

/**
 * A sorted copy. `reverse` turns round what is known; models of which the sorted value is not known stay behind (by price:
 * first those that are not priced by the token, then those whose price varies). Equal ones stand by id.
 */
export function sortModels(models: readonly Model[], sort: ModelSort, reverse = false): Model[] {
  const direction = reverse ? -1 : 1;
  return models
    .map((model) => ({ model, ...KEYS[sort](model) }))
    .sort((a, b) => a.group - b.group || direction * compareValues(a.value, b.value) || compareText(a.model.id, b.model.id))
    .map(({ model }) => model);
}

function priceKey(model: Model): SortKey {
  const { prompt, completion } = model.pricing;
  const kind = priceKind(model);
  if (kind === 'varies') return { group: 2, value: 0 };
  if (kind === 'other' || typeof prompt !== 'object' || typeof completion !== 'object') return { group: 1, value: 0 };
  return { group: 0, value: prompt.times(3).plus(completion) };
}

function descending(value: number | undefined): SortKey {
  return value === undefined ? { group: 1, value: 0 } : { group: 0, value: -value };
}

function compareValues(a: SortKey['value'], b: SortKey['value']): number {
  if (typeof a === 'object' && typeof b === 'object') return a.cmp(b);
  return a < b ? -1 : a > b ? 1 : 0;
}
