import type { Model } from '../../../apis/catalogue.ts';
import type { ModelFilter } from '../filter-models.ts';
import { MOST_LANES } from '../../compare/most-lanes.ts';
import { parseBlend } from '../blend.ts';
import { DEFAULT_BLEND } from '../../settings/blend-text.ts';
import { isUnchanged, liveChanges, NO_CHANGES } from './changes.ts';
import type { LiveFilter } from './filters.ts';
import { openQuote } from './quote.ts';
import { refilter, reorder, requery } from './rows.ts';
import type { LiveAction, LiveTable } from './state.ts';
import { moveTo } from './window.ts';
import type { MarketFacts } from '../market-facts.ts';
import { ENDPOINT_SORT_KEYS, MODEL_SORTS, type ModelSort } from '../sorts.ts';

const LONGEST_QUERY = 200;
const PICK_ONLY = '↵ picks a model, esc none';

/** The initial state of a live table. By default nothing is filtered or marked, and nothing is known of endpoints. */
export interface LiveStart {
  models: readonly Model[];
  base: ModelFilter;
  sort: ModelSort;
  allColumns: readonly string[];
  columns: readonly string[];
  query?: string;
  isPick?: boolean;
  isSandbox?: boolean;
  isReversed?: boolean;
  filters?: readonly LiveFilter[] | undefined;
  favorites?: readonly string[] | undefined;
  sortOptions?: LiveTable['sortOptions'];
  facts?: MarketFacts | undefined;
}

/** Returns the initial table; it has one row until its height is set. */
export function startLiveTable(start: LiveStart): LiveTable {
  return reorder(
    {
      models: start.models,
      isPick: start.isPick ?? false,
      isSandbox: start.isSandbox ?? false,
      base: start.base,
      sortOptions: start.sortOptions ?? { blend: parseBlend(DEFAULT_BLEND), benchmark: 'intelligence' },
      facts: start.facts,
      query: start.query ?? '',
      focus: 'query',
      sort: start.sort,
      isReversed: start.isReversed ?? false,
      ranksByMatch: true,
      filters: new Set(start.filters),
      allColumns: start.allColumns,
      columns: new Set(start.columns),
      favorites: new Set(start.favorites),
      marked: [],
      changes: NO_CHANGES,
      pane: 'none',
      quote: undefined,
      helpTop: 0,
      note: undefined,
      refreshes: 0,
      outcome: undefined,
      ordered: [],
      passing: [],
      rows: [],
      cursor: 0,
      top: 0,
      height: 1,
    },
    'first',
  );
}

/** Returns the table after an action. Pure. Once it has an outcome, it does not change. */
export function reduceLiveTable(table: LiveTable, action: LiveAction): LiveTable {
  if (table.outcome !== undefined) return table;
  switch (action.type) {
    case 'height':
      return moveTo({ ...table, height: Math.max(1, Math.floor(action.rows)) }, table.cursor);
    case 'catalogue':
      return afterRefresh(table, action.models);
    case 'facts':
      return reorder({ ...table, facts: action.facts }, 'same');
    case 'no-facts':
      return refilter({ ...table, filters: without(table.filters, 'zdr'), note: action.note }, 'same');
    case 'note':
      return { ...table, note: action.note };
    case 'forget-changes':
      return { ...table, changes: NO_CHANGES };
    default:
      return afterKey({ ...table, note: undefined }, action);
  }
}

/** Returns the model under the cursor. */
export function currentModel({ rows, cursor }: LiveTable): Model | undefined {
  return rows[cursor];
}

function afterKey(table: LiveTable, action: LiveAction): LiveTable {
  switch (action.type) {
    case 'type':
      return changeQuery(table, table.query + action.text);
    case 'erase':
      return changeQuery(table, [...table.query].slice(0, -1).join(''));
    case 'clear':
      return changeQuery(table, '');
    case 'move':
      return moveTo(table, table.cursor + action.by);
    case 'page':
      return moveTo(table, table.cursor + action.by * Math.max(1, table.height - 1));
    case 'top':
      return moveTo(table, 0);
    case 'bottom':
      return moveTo(table, table.rows.length - 1);
    case 'sort':
      return nextSort(table, action.by);
    case 'reverse':
      return reorder({ ...table, isReversed: !table.isReversed, ranksByMatch: false }, 'first');
    case 'filter':
      return refilter({ ...table, filters: toggled(table.filters, action.filter) }, 'same');
    case 'column': {
      const column = table.allColumns[action.place];
      return column === undefined ? table : { ...table, columns: toggled(table.columns, column) };
    }
    case 'focus':
      return { ...table, focus: table.focus === 'query' ? 'keys' : 'query' };
    case 'detail':
      return { ...table, pane: table.pane === 'detail' ? 'none' : 'detail' };
    case 'help':
      return { ...table, pane: table.pane === 'help' ? 'none' : 'help', helpTop: 0 };
    case 'refresh':
      return { ...table, refreshes: table.refreshes + 1 };
    case 'back':
      return stepBack(table);
    case 'leave':
    case 'stop':
      return { ...table, outcome: { type: action.type } };
    case 'compare':
      if (table.isPick) return { ...table, note: PICK_ONLY };
      if (table.marked.length < 2) return { ...table, note: 'mark two models or more for a comparison' };
      return { ...table, outcome: { type: 'compare', models: table.marked } };
    case 'star':
    case 'mark':
    case 'chat':
    case 'price':
      return withCurrent(table, action.type);
    default:
      return table;
  }
}

function withCurrent(table: LiveTable, type: 'star' | 'mark' | 'chat' | 'price'): LiveTable {
  const model = currentModel(table);
  if (model === undefined) return { ...table, note: 'there is no model to choose' };
  if (type === 'star') return refilter({ ...table, favorites: toggled(table.favorites, model.id) }, 'same');
  if (type === 'price') return openQuote(table, model.id);
  if (table.isPick && type !== 'chat') return { ...table, note: PICK_ONLY };
  if (type !== 'mark') return { ...table, outcome: { type, model } };
  if (table.marked.includes(model.id)) return { ...table, marked: table.marked.filter((id) => id !== model.id) };
  if (table.marked.length === MOST_LANES) return { ...table, note: `a comparison takes at most ${MOST_LANES} models` };
  return { ...table, marked: [...table.marked, model.id] };
}

/** Closes what is open, one step at a time: the pane, the query, and finally the table itself. */
function stepBack(table: LiveTable): LiveTable {
  if (table.pane !== 'none') return { ...table, pane: 'none' };
  if (table.query !== '') return changeQuery(table, '');
  return { ...table, outcome: { type: 'leave' } };
}

function changeQuery(table: LiveTable, text: string): LiveTable {
  const query = [...text].slice(0, LONGEST_QUERY).join('');
  if (query === table.query) return table;
  return requery({ ...table, query, ranksByMatch: table.query === '' || query === '' ? true : table.ranksByMatch }, 'first');
}

function nextSort(table: LiveTable, by: number): LiveTable {
  const isKnown = table.facts !== undefined && table.facts.endpoints.size > 0;
  const sorts = MODEL_SORTS.filter((sort) => isKnown || !ENDPOINT_SORT_KEYS.has(sort) || sort === table.sort);
  // While there is a query, best match is the first of the orders.
  const orders = table.query === '' ? sorts : [undefined, ...sorts];
  const now = orders.indexOf(isRanked(table) ? undefined : table.sort);
  const sort = orders[(now + by + orders.length) % orders.length];
  return sort === undefined
    ? requery({ ...table, ranksByMatch: true }, 'first')
    : reorder({ ...table, sort, isReversed: false, ranksByMatch: false }, 'first');
}

/** Returns whether the rows are sorted by how well they match. */
export function isRanked({ query, ranksByMatch }: LiveTable): boolean {
  return query.trim() !== '' && ranksByMatch;
}

function afterRefresh(table: LiveTable, models: readonly Model[]): LiveTable {
  const changes = liveChanges(table.models, models, table.sortOptions.blend);
  return reorder({ ...table, models, changes: isUnchanged(changes) ? table.changes : changes }, 'same');
}

function toggled<T>(set: ReadonlySet<T>, member: T): ReadonlySet<T> {
  return set.has(member) ? without(set, member) : new Set([...set, member]);
}

function without<T>(set: ReadonlySet<T>, member: T): ReadonlySet<T> {
  return new Set([...set].filter((other) => other !== member));
}
