import type { ConnectionSettings } from '../../core/settings/groups.ts';
import { filterModels } from '../../core/models/filter-models.ts';
import { ENDPOINT_SORTS } from '../../core/models/sorts.ts';
import { sortModels } from '../../core/models/sort-models.ts';
import { usageError } from '../../errors.ts';
import { MODEL_COLUMNS, type ModelColumn } from '../../output/models/columns.ts';
import { modelColumns } from '../../output/models/table.ts';
import type { Context } from '../context.ts';
import { isAnimated } from '../is-drawable.ts';
import { marketModels, type MarketModels } from '../catalogue/market-models.ts';
import { type ModelsOptions, modelsOptions } from './options.ts';
import { readEndpointFacts } from '../catalogue/read-market-facts.ts';
import type { Run } from '../register.ts';
import { showModels } from './show-models.ts';
import { mistypedCommand } from '../unknown-command.ts';

/** `orx models`: the live table, or the list in the form that is asked for. */
export const runModels: Run = async (input, context) => {
  const { values: settings } = context.stores.resolveSettings(input.flags);
  const options = modelsOptions(input, settings, context.clock.now());
  await refuseMistyped(input.words, settings, context);
  if (isLive(options, context)) return (await import('./live.ts')).runLiveModels(input, options, settings, context);
  await showModels(await listedModels(options, settings, context), options, settings, context);
  return 0;
};

/** Words are a search, but for a mistyped command: unless the stored catalogue has a model of that name. */
async function refuseMistyped(words: readonly string[], settings: ConnectionSettings, context: Context): Promise<void> {
  const error = mistypedCommand(words, ['show', 'diff']);
  if (error === undefined) return;
  const reading = await context.apis
    .for(settings)
    .readCatalogue({ offline: true })
    .catch(() => undefined);
  if (filterModels(reading?.catalogue.models ?? [], { search: words.join(' ') }).length === 0) throw error;
}

/** A list on a terminal with a keyboard can be walked through. Throws a usage error where a model cannot be picked. */
function isLive({ mayBeLive, isPick }: ModelsOptions, context: Context): boolean {
  const { streams, isScreenReader } = context.terminal;
  if (!isPick) return mayBeLive && isAnimated(context) && streams.stdin.isTTY;
  if (!mayBeLive) throw usageError('--pick goes with no other form of the list', 'leave out -o, --json, --static and --limit');
  // Standard output is for the id alone, and may be a pipe.
  if (
    streams.stdin.isTTY &&
    isAnimated({ terminal: { streams: { ...streams, stdout: streams.stderr }, isScreenReader }, env: context.env })
  )
    return true;
  throw usageError('--pick needs a terminal that can be drawn on', 'name a part of the id instead: orx chat -m sonnet-4.5');
}

/** The models in their order, with the endpoints that the order or a column needs: of no more models than it must be. */
async function listedModels(options: ModelsOptions, settings: ConnectionSettings, context: Context): Promise<MarketModels> {
  const { filter, sort, reverse, blend, benchmark, limit, refresh, offline } = options;
  const asking = { refresh, offline };
  const needsEndpoints = ENDPOINT_SORTS.has(sort);
  const market = await marketModels(filter, settings, context, { ...asking, needsEndpoints });
  const models = sortModels(market.models, sort, { reverse, blend, benchmark, facts: market.facts }).slice(0, limit);
  if (market.facts.endpoints.size > 0 || models.length === 0 || !showsEndpoints(options)) return { ...market, models };
  const { endpoints, notes } = await readEndpointFacts(models, settings, context, asking);
  return { ...market, models, facts: { ...market.facts, endpoints }, notes: [...market.notes, ...notes] };
}

function showsEndpoints({ format, columns, orderedBy }: ModelsOptions): boolean {
  if (format === 'json' || format === 'ids') return false;
  return modelColumns({ columns, added: orderedBy }).some((name) => (MODEL_COLUMNS[name] as ModelColumn).needsEndpoints === true);
}
