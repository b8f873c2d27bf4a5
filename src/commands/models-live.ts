import { catalogueFilter, filterModels } from '../core/filter-models.ts';
import { type LiveTable, startLiveTable } from '../core/market/live-table.ts';
import { splitFilter } from '../core/market/live-filters.ts';
import type { MarketFacts } from '../core/market/market-facts.ts';
import type { Settings } from '../core/settings.ts';
import { ENDPOINT_SORTS } from '../core/sort-models.ts';
import { MODEL_COLUMNS, type ModelColumn, type ModelColumnName } from '../output/models-columns.ts';
import { modelsTable } from '../output/models-table.ts';
import type { Table } from '../output/table.ts';
import type { Model } from '../providers/catalogue.ts';
import type { Context } from './context.ts';
import { createLiveSession } from './live-session.ts';
import { liveReading, liveWorld } from './live-world.ts';
import { endLiveModels } from './models-live-end.ts';
import { type ModelsOptions, sortColumns } from './models-options.ts';
import { readEndpointFacts } from './read-market-facts.ts';
import type { CommandInput } from './setting-options.ts';

/** What keys can show and hide, in the order in which it stands. */
const COLUMNS: readonly ModelColumnName[] = [
  'in',
  'out',
  'blend',
  'cached',
  'context',
  'output-limit',
  'created',
  'modalities',
  'intelligence',
  'value',
];
const SHOWN: readonly ModelColumnName[] = ['in', 'out', 'context', 'created', 'modalities'];

/** The live table of models, and what was chosen in it: a chat, a quote, a comparison, or the list as it was left. */
export async function runLiveModels(
  input: CommandInput,
  options: ModelsOptions,
  settings: Settings,
  context: Context,
): Promise<number> {
  const { refresh, offline, isPick } = options;
  // The stored copy is on the screen at once, however old, and what has changed since is marked when the API has told.
  const first = await context.readCatalogue(settings, { signal: context.interrupt, refresh, offline, preferStored: !refresh });
  const { models } = first.catalogue;
  const facts = await openingFacts(models, options, settings, context);
  const session = createLiveSession(
    startTable(models, facts, options),
    liveReading(first),
    liveWorld(options, settings, context),
  );
  const { runModelsApp } = await import('../ui/models-app.tsx');
  const tableOf = (of: readonly Model[], table: LiveTable): Table => liveColumns(of, table, options);
  const { stdin, stdout, stderr } = context.streams;
  context.interrupt.addEventListener('abort', session.stop);
  try {
    const cellsTable = (table: LiveTable): Table => tableOf(table.models, table);
    await runModelsApp({ session, cellsTable, stdin, stdout: isPick ? stderr : stdout });
  } finally {
    context.interrupt.removeEventListener('abort', session.stop);
  }
  return endLiveModels({ table: session.table(), input, ageMs: session.view().ageMs, tableOf }, context);
}

/** What endpoints know, if the order, a filter or a column of the command line needs it. */
async function openingFacts(
  models: readonly Model[],
  { filter, sort, columns = [], refresh, offline }: ModelsOptions,
  settings: Settings,
  context: Context,
): Promise<MarketFacts | undefined> {
  const isNeeded = ENDPOINT_SORTS.has(sort) || filter.provider !== undefined || filter.quantization !== undefined;
  if (!isNeeded && !columns.some(needsEndpoints)) return undefined;
  const asked = filterModels(models, catalogueFilter(filter));
  return readEndpointFacts(asked, settings, context, { refresh, offline });
}

function startTable(models: readonly Model[], facts: MarketFacts | undefined, options: ModelsOptions): LiveTable {
  const { filter, sort, reverse, blend, benchmark, columns, isPick } = options;
  const asked = columns?.filter((name) => name !== 'model');
  return startLiveTable({
    models,
    ...splitFilter(filter),
    favourites: options.favourites,
    sort,
    isReversed: reverse,
    sortOptions: { blend, benchmark },
    facts,
    isPick,
    allColumns: asked === undefined ? COLUMNS : [...new Set([...asked, ...COLUMNS])].slice(0, COLUMNS.length),
    columns: asked ?? SHOWN,
  });
}

/** The columns that are shown, and the one that the models stand in the order of. */
function liveColumns(models: readonly Model[], table: LiveTable, { blend, benchmark }: ModelsOptions): Table {
  const sorted = sortColumns(table.sort, benchmark);
  const shown = table.allColumns.filter((name) => table.columns.has(name) || sorted.some((column) => column === name));
  const columns = [...new Set([...shown, ...sorted])] as ModelColumnName[];
  return modelsTable(models, { columns: ['model', ...columns], blend, benchmark, facts: table.facts, short: true });
}

function needsEndpoints(name: ModelColumnName): boolean {
  return (MODEL_COLUMNS[name] as ModelColumn).needsEndpoints === true;
}
