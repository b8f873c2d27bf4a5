import { filterModels, type ModelFilter } from '../filter-models.ts';
import { sortModels } from '../sort-models.ts';
import { searchModels } from './fuzzy-models.ts';
import type { LiveTable } from './live-table.ts';
import { onRows } from './live-window.ts';

// What a key changes decides how much is done again: sorting costs most, and typing must not wait for it.

/** `first`: the cursor goes to the first row; `same`: it stays on its model. */
type Where = 'first' | 'same';

export function reorder(table: LiveTable, where: Where): LiveTable {
  const { models, sort, sortOptions, isReversed, facts } = table;
  return refilter({ ...table, ordered: sortModels(models, sort, { ...sortOptions, reverse: isReversed, facts }) }, where);
}

export function refilter(table: LiveTable, where: Where): LiveTable {
  return requery({ ...table, passing: filterModels(table.ordered, filterOf(table), table.facts) }, where);
}

export function requery(table: LiveTable, where: Where): LiveTable {
  return onRows(table, searchModels(table.passing, table.query, { keepOrder: !table.ranksByMatch }), where);
}

function filterOf({ base, filters, favourites, facts }: LiveTable): ModelFilter {
  const parameters = [
    ...(base.parameters ?? []),
    ...(filters.has('tools') ? ['tools'] : []),
    ...(filters.has('reasoning') ? ['reasoning'] : []),
  ];
  const inputs = [...(base.inputs ?? []), ...(filters.has('vision') ? ['image'] : [])];
  return {
    ...base,
    free: base.free === true || filters.has('free'),
    inputs: inputs.length === 0 ? undefined : inputs,
    parameters: parameters.length === 0 ? undefined : parameters,
    // Asked for, and not yet known of anything: shown when it is.
    zdr: base.zdr === true || (filters.has('zdr') && facts?.zdrModels !== undefined),
    favourites: filters.has('favourites') ? favourites : base.favourites,
  };
}
