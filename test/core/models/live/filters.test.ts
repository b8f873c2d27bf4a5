import { expect, it, test } from 'vitest';
import type { ModelFilter } from '../../../../src/core/models/filter-models.ts';
import { joinFilter, splitFilter } from '../../../../src/core/models/live/filters.ts';

const FACTS = { endpoints: new Map(), zdrModels: new Set(['a/b']) };
const MARKED = new Set(['a/b']);

test.each<[ModelFilter, string[]]>([
  [{ search: 'cla son' }, []],
  [{ free: true, zdr: true, favorites: MARKED }, ['free', 'zdr', 'favorites']],
  [{ inputs: ['audio', 'image'], parameters: ['reasoning', 'structured_outputs', 'tools'] }, ['vision', 'tools', 'reasoning']],
  [{ author: ['openai'], minContext: 128_000, cache: true }, []],
])('%j: keys can undo %j, and together they mean the same', (filter, filters) => {
  const split = splitFilter(filter);
  expect(split.filters).toEqual(filters);
  const joined = joinFilter(split.base, new Set(split.filters), { favorites: MARKED, facts: FACTS });
  expect(split.query).toBe(filter.search ?? '');
  expect({ ...joined, inputs: joined.inputs?.toSorted(), parameters: joined.parameters?.toSorted() }).toEqual({
    free: false,
    zdr: false,
    ...filter,
    search: undefined,
  });
});

it('zero retention passes all models until it is known', () => {
  expect(joinFilter({}, new Set(['zdr']), { favorites: MARKED, facts: undefined }).zdr).toBe(false);
});
