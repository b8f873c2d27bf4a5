import { filterModels } from '../filter-models.ts';
import { sortModels } from '../sort-models.ts';
import { searchModels } from '../fuzzy.ts';
import { joinFilter } from './filters.ts';
import type { LiveTable } from './state.ts';
import { onRows } from './window.ts';

// Each function repeats only the steps that a key press requires: sorting takes longest, and typing must not wait for it.

/** `first`: the cursor moves to the first row; `same`: it stays on its model. */
type Where = 'first' | 'same';

export function reorder(table: LiveTable, where: Where): LiveTable {
  const { models, sort, sortOptions, isReversed, facts } = table;
  return refilter({ ...table, ordered: sortModels(models, sort, { ...sortOptions, reverse: isReversed, facts }) }, where);
}

export function refilter(table: LiveTable, where: Where): LiveTable {
  return requery(
    { ...table, passing: filterModels(table.ordered, joinFilter(table.base, table.filters, table), table.facts) },
    where,
  );
}

export function requery(table: LiveTable, where: Where): LiveTable {
  return onRows(table, searchModels(table.passing, table.query, { keepOrder: !table.ranksByMatch }), where);
}
