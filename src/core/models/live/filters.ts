import type { ModelFilter } from '../filter-models.ts';
import type { MarketFacts } from '../market-facts.ts';

export const LIVE_FILTERS = ['free', 'vision', 'tools', 'reasoning', 'zdr', 'favourites'] as const;
/** What a key lets through alone. */
export type LiveFilter = (typeof LIVE_FILTERS)[number];

const IMAGE = 'image';
const PARAMETERS = ['tools', 'reasoning'] as const;

/** A filter of the command line as the live table has it: words, what keys can take back, and the rest. */
export function splitFilter(filter: ModelFilter): { query: string; filters: LiveFilter[]; base: ModelFilter } {
  const { search = '', free, zdr, favourites, inputs = [], parameters = [], ...rest } = filter;
  const isOn: Readonly<Record<LiveFilter, boolean>> = {
    free: free === true,
    vision: inputs.includes(IMAGE),
    tools: parameters.includes('tools'),
    reasoning: parameters.includes('reasoning'),
    zdr: zdr === true,
    favourites: favourites !== undefined,
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

/** The other way round, without the query. Zero retention counts once it is known of anything. */
export function joinFilter(
  base: ModelFilter,
  filters: ReadonlySet<LiveFilter>,
  { favourites, facts }: { favourites: ReadonlySet<string>; facts: MarketFacts | undefined },
): ModelFilter {
  const inputs = filters.has('vision') ? [IMAGE] : [];
  return {
    ...base,
    free: filters.has('free'),
    inputs: unlessEmpty([...(base.inputs ?? []), ...inputs]),
    parameters: unlessEmpty([...(base.parameters ?? []), ...PARAMETERS.filter((name) => filters.has(name))]),
    zdr: filters.has('zdr') && facts?.zdrModels !== undefined,
    favourites: filters.has('favourites') ? favourites : undefined,
  };
}

function unlessEmpty(names: readonly string[]): readonly string[] | undefined {
  return names.length === 0 ? undefined : names;
}
