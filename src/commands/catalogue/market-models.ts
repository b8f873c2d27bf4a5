import { vendorScope } from '../../core/model-id/catalogue-scope.ts';
import type { ConnectionSettings } from '../../core/settings/groups.ts';
import { catalogueFilter, filterModels, type ModelFilter } from '../../core/models/filter-models.ts';
import type { MarketFacts } from '../../core/models/market-facts.ts';
import { staleNotes } from '../../output/models/catalogue-note.ts';
import type { Cell } from '../../output/table/table.ts';
import type { Model } from '../../apis/catalogue.ts';
import type { Context } from '../context.ts';
import type { CatalogueReading } from '../context/apis.ts';
import { type FactsReading, readEndpointFacts, readZdrModels } from './read-market-facts.ts';

/** The models that match a filter, and the data that decided it. */
export interface MarketModels {
  reading: CatalogueReading;
  models: readonly Model[];
  facts: MarketFacts;
  /** Warnings about old or missing data. */
  notes: readonly Cell[];
}

/**
 * Reads the catalog, and the endpoint data that the filter needs. Reads endpoint data only for models that match the rest of the
 * filter; with `needsEndpoints`, for every such model. Throws the API's error if there is no stored copy either.
 */
export async function marketModels(
  filter: ModelFilter,
  settings: ConnectionSettings,
  context: Context,
  options: FactsReading & { needsEndpoints?: boolean },
): Promise<MarketModels> {
  const { needsEndpoints = false, ...asking } = options;
  const reading = await context.apis
    .for(settings)
    .readCatalogue({ ...asking, signal: context.lifetime.interrupt, scope: vendorScope(filter.vendor) });
  const notes = staleNotes(reading);
  let models = filterModels(reading.catalogue.models, catalogueFilter(filter));
  let facts: MarketFacts = { endpoints: new Map() };
  if (filter.zdr === true) {
    const read = await readZdrModels(settings, context, asking);
    facts = { ...facts, zdrModels: read.zdrModels };
    notes.push(...read.notes);
    models = filterModels(models, { zdr: true }, facts);
  }
  if (needsEndpoints || filter.provider !== undefined || filter.quantization !== undefined) {
    const read = await readEndpointFacts(models, settings, context, asking);
    facts = { ...facts, endpoints: read.endpoints };
    notes.push(...read.notes);
    models = filterModels(models, { provider: filter.provider, quantization: filter.quantization }, facts);
  }
  return { reading, models, facts, notes };
}
