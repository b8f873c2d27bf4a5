import { vendorScope } from '../../core/model-id/catalogue-scope.ts';
import { catalogueFilter, filterModels } from '../../core/models/filter-models.ts';
import type { LiveTable } from '../../core/models/live/state.ts';
import { startLiveTable } from '../../core/models/live/table.ts';
import { splitFilter } from '../../core/models/live/filters.ts';
import type { MarketFacts } from '../../core/models/market-facts.ts';
import { ENDPOINT_SORT_KEYS } from '../../core/models/sorts.ts';
import type { ModelColumnName } from '../../output/models/column-names.ts';
import { MODEL_COLUMNS, type ModelColumn } from '../../output/models/columns.ts';
import type { Table } from '../../output/table/table.ts';
import type { Model } from '../../apis/catalogue.ts';
import type { Context } from '../context.ts';
import { columnsOf, liveColumns } from './live-columns.ts';
import { createLiveSession } from './live-session.ts';
import { liveReading, liveServices } from './live-services.ts';
import { endLiveModels } from './live-end.ts';
import type { ModelsOptions } from './options.ts';
import { readEndpointFacts } from '../catalogue/read-market-facts.ts';

/** Runs the live table of models, then what the user chose in it: a chat, a quote, a comparison, or the list as shown. */
export async function runLiveModels(options: ModelsOptions, context: Context): Promise<number> {
  const { settings, refresh, offline, isPick } = options;
  // Shows the stored copy at once, whatever its age, and marks changes when the API has answered.
  const first = await context.apis.for(settings).readCatalogue({
    signal: context.lifetime.interrupt,
    refresh,
    offline,
    preferStored: !refresh,
    scope: vendorScope(options.filter.vendor),
  });
  const { models } = first.catalogue;
  const facts = await openingFacts(models, options, context);
  const session = createLiveSession(startTable(models, facts, options), liveReading(first), liveServices(options, context));
  const { runModelsApp } = await import('../../ui/models/app.ts');
  const tableOf = (of: readonly Model[], table: LiveTable): Table => liveColumns(of, table, options);
  const { stdin, stdout, stderr } = context.terminal.streams;
  // Standard output may be a pipe that receives only the id.
  const screen = isPick ? stderr : stdout;
  context.lifetime.interrupt.addEventListener('abort', session.stop);
  try {
    const cellsTable = (table: LiveTable): Table => tableOf(table.models, table);
    const { jobControl } = context.lifetime;
    await runModelsApp({ session, cellsTable, stdin, stdout: screen, jobControl, theme: context.terminal.themeOf(screen) });
  } finally {
    context.lifetime.interrupt.removeEventListener('abort', session.stop);
  }
  return endLiveModels({ table: session.table(), options, ageMs: session.view().ageMs, tableOf }, context);
}

/** Returns endpoint data if the sort order, a filter or a column of the command line needs it. */
async function openingFacts(
  models: readonly Model[],
  { settings, filter, sort, columns = [], refresh, offline }: ModelsOptions,
  context: Context,
): Promise<MarketFacts | undefined> {
  const isNeeded = ENDPOINT_SORT_KEYS.has(sort) || filter.provider !== undefined || filter.quantization !== undefined;
  if (!isNeeded && !columns.some(needsEndpoints)) return undefined;
  const asked = filterModels(models, catalogueFilter(filter));
  return readEndpointFacts(asked, settings, context, { refresh, offline });
}

function startTable(models: readonly Model[], facts: MarketFacts | undefined, options: ModelsOptions): LiveTable {
  const { filter, sort, reverse, blend, benchmark, isPick } = options;
  return startLiveTable({
    models,
    ...splitFilter(filter),
    favorites: options.favorites,
    sort,
    isReversed: reverse,
    sortOptions: { blend, benchmark },
    facts,
    isPick,
    isSandbox: options.settings.sandbox,
    ...columnsOf(options),
  });
}

function needsEndpoints(name: ModelColumnName): boolean {
  return (MODEL_COLUMNS[name] as ModelColumn).needsEndpoints === true;
}
