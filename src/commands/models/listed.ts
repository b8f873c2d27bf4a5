import { ENDPOINT_SORT_KEYS } from '../../core/models/sorts.ts';
import { sortModels } from '../../core/models/sort-models.ts';
import { MODEL_COLUMNS, type ModelColumn } from '../../output/models/columns.ts';
import { modelColumns } from '../../output/models/table.ts';
import { OrxError } from '../../errors.ts';
import { visibleLine } from '../../output/text/visible.ts';
import type { Context } from '../context.ts';
import { marketModels, type MarketModels } from '../catalogue/market-models.ts';
import { excludedByPolicy } from '../catalogue/retention-policy.ts';
import type { ModelsOptions } from './options.ts';
import { readEndpointFacts, readZdrModels } from '../catalogue/read-market-facts.ts';

/**
 * Returns the sorted models, with the endpoint data that the sort order or a column needs. Reads it for as few models as
 * possible.
 */
export async function listedModels(options: ModelsOptions, context: Context): Promise<MarketModels> {
  const { settings, filter, sort, reverse, blend, benchmark, limit, refresh, offline } = options;
  const asking = { refresh, offline };
  const needsEndpoints = ENDPOINT_SORT_KEYS.has(sort);
  const market = await withRetention(
    await marketModels(filter, settings, context, { ...asking, needsEndpoints }),
    options,
    context,
  );
  const sorted = sortModels(market.models, sort, { reverse, blend, benchmark, facts: market.facts }).slice(0, limit);
  if (market.facts.endpoints.size > 0 || sorted.length === 0 || !showsEndpoints(options)) return { ...market, models: sorted };
  const { endpoints, notes } = await readEndpointFacts(sorted, settings, context, asking);
  return { ...market, models: sorted, facts: { ...market.facts, endpoints }, notes: [...market.notes, ...notes] };
}

function showsEndpoints({ format, columns, orderedBy }: ModelsOptions): boolean {
  if (format === 'json' || format === 'ids') return false;
  return modelColumns({ columns, added: orderedBy }).some((name) => (MODEL_COLUMNS[name] as ModelColumn).needsEndpoints === true);
}

/**
 * Returns the models with what is known of zero data retention, if the stored data policy or a column needs it: one list for all models. With a
 * policy, a note says how many of them it excludes.
 */
async function withRetention(market: MarketModels, options: ModelsOptions, context: Context): Promise<MarketModels> {
  const { settings, policy, refresh, offline, columns } = options;
  const needsColumn = columns?.includes('zdr') === true;
  if (market.facts.zdrModels !== undefined || (policy === undefined && !needsColumn)) return market;
  try {
    const read = await readZdrModels(settings, context, { refresh, offline });
    const facts = { ...market.facts, zdrModels: read.zdrModels };
    const excluded = policy && excludedByPolicy(market.models, facts, policy);
    const notes = excluded === undefined ? [] : [{ text: `${excluded}; hide them: --zdr` }];
    return { ...market, facts, notes: [...market.notes, ...read.notes, ...notes] };
  } catch (error) {
    if (needsColumn || !(error instanceof OrxError) || error.kind === 'interrupted') throw error;
    const text = `warning: the models that ${policy} excludes are not known: ${visibleLine(error.message)}`;
    return { ...market, notes: [...market.notes, { text, tone: 'warning' }] };
  }
}
