import type { ModelFilter } from '../filter-models.ts';
import type { MarketFacts } from '../market-facts.ts';

export const LIVE_FILTERS = ['free', 'vision', 'tools', 'reasoning', 'zdr', 'favorites'] as const;
/** A filter that a single key switches. */
export type LiveFilter = (typeof LIVE_FILTERS)[number];

const IMAGE = 'image';
const PARAMETERS = ['tools', 'reasoning'] as const;

/** Splits a filter of the command line for the live table: the search text, the filters that keys can switch, and the rest. */
export function splitFilter(filter: ModelFilter): { query: string; filters: LiveFilter[]; base: ModelFilter } {
  const { search = '', free, zdr, favorites, inputs = [], parameters = [], ...rest } = filter;
  const isOn: Readonly<Record<LiveFilter, boolean>> = {
    free: free === true,
    vision: inputs.includes(IMAGE),
    tools: parameters.includes('tools'),
    reasoning: parameters.includes('reasoning'),
    zdr: zdr === true,
    favorites: favorites !== undefined,
  };
  return {
    query: search,
    filters: LIVE_FILTERS.filter((name) => isOn[name]),
    base: {
      ...rest,
      inputs: unlessEmpty(inputs.filter((name) => name !== IMAGE)),
      parameters: unlessEmpty(parameters.filter((name) => !PARAMETERS.some((other) => other === name))),
    },
  };
}

/** Combines the parts of a filter again, without the search text. Applies `zdr` only once data about zero retention is available. */
export function joinFilter(
  base: ModelFilter,
  filters: ReadonlySet<LiveFilter>,
  { favorites, facts }: { favorites: ReadonlySet<string>; facts: MarketFacts | undefined },
): ModelFilter {
  const inputs = filters.has('vision') ? [IMAGE] : [];
  return {
    ...base,
    free: filters.has('free'),
    inputs: unlessEmpty([...(base.inputs ?? []), ...inputs]),
    parameters: unlessEmpty([...(base.parameters ?? []), ...PARAMETERS.filter((name) => filters.has(name))]),
    zdr: filters.has('zdr') && facts?.zdrModels !== undefined,
    favorites: filters.has('favorites') ? favorites : undefined,
  };
}

function unlessEmpty(names: readonly string[]): readonly string[] | undefined {
  return names.length === 0 ? undefined : names;
}
