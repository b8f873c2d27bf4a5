import { filterModels } from '../../core/models/filter-models.ts';
import { findModels, withoutAlias } from '../../core/models/find-model.ts';
import { scopeOf, vendorScope } from '../../core/model-id/catalogue-scope.ts';
import { rankQuotes } from '../../core/price/rank-quotes.ts';
import { staleNotes } from '../../output/models/catalogue-note.ts';
import { exclusionNotes, priceNote } from '../../output/price/note.ts';
import type { Model } from '../../apis/catalogue.ts';
import type { Context } from '../context.ts';
import { parsePrice, type PriceOptions, type PriceRun } from './options.ts';
import { showPrices } from './output.ts';
import { hasRanges, quoteModels } from './quotes.ts';
import { openPast, readWorkload, workloadsFor } from './workload.ts';

/** What the prices of a long list are. */
const CATALOG_PRICES = 'more than 20 models: catalog prices, without routing';
const POLICY_PRICES = 'more than 20 models: prices of the endpoints with zero data retention';

/** `orx price` */
export const priceCommand = { parse: parsePrice, run: runPrice };

export async function runPrice(run: PriceRun, context: Context): Promise<number> {
  if (run.type === 'history') return (await import('./history.ts')).runPriceHistory(run.options, context);
  const { options } = run;
  const { settings } = options;
  const asked = await readWorkload(options, context);
  const reading = await context.apis.for(settings).readCatalogue({
    signal: context.lifetime.interrupt,
    refresh: options.refresh,
    scope: options.models.length === 0 ? vendorScope(options.filter.vendor) : scopeOf(withoutAliases(options)),
  });
  const models = askedModels(options, reading.catalogue.models);
  const isRange = hasRanges(models.length);
  const past = isRange ? await openPast(models, asked, settings, context) : undefined;
  const workloads = await workloadsFor(models, asked, options, past);
  const { quotes, notes, isByPolicy } = await quoteModels(
    models,
    workloads,
    { settings, refresh: options.refresh, isOffline: reading.staleBecause !== undefined, isRange },
    context,
  );
  const ranked = rankQuotes(quotes);
  const isPromptAssumed = asked.texts === undefined && options.input === undefined;
  const facts = { isPromptAssumed, ageMs: reading.ageMs, requests: options.requests };
  await showPrices(ranked, options, context, {
    summary: [{ text: priceNote(ranked, facts) }, ...(isRange ? [] : [{ text: isByPolicy ? POLICY_PRICES : CATALOG_PRICES }])],
    notes: [...staleNotes(reading), ...notes],
    details: exclusionNotes(ranked),
  });
  return 0;
}

/** Returns the named models that match the filters. */
function withoutAliases({ models, settings }: PriceOptions): string[] {
  return models.map((name) => withoutAlias(name, settings.aliases ?? {}));
}

function askedModels({ models: names, filter, settings }: PriceOptions, models: readonly Model[]): Model[] {
  return filterModels(names.length === 0 ? models : findModels(names, models, settings.aliases), filter);
}
