import { scopeOf } from '../../core/model-id/catalogue-scope.ts';
import { findModels, withoutAlias } from '../../core/models/find-model.ts';
import { atPricesOfToday, atPricesThen, cutForTargets, whatIf, type WhatIfTarget } from '../../core/usage/what-if.ts';
import type { Model } from '../../apis/catalogue.ts';
import { staleNotes } from '../../output/models/catalogue-note.ts';
import { whatIfJson, whatIfNotes, whatIfRecords, whatIfTable, whatIfTitle } from '../../output/usage/what-if.ts';
import { withSandboxLabel } from '../../output/text/sandbox-label.ts';
import type { UsageOptions } from './options.ts';
import { printEmpty, type UsageWork } from './report.ts';
import { printUsageNotes, showList } from './show.ts';

/** `--what-if`: calculates past costs for other models. */
export async function runWhatIf(options: UsageOptions, work: UsageWork): Promise<number> {
  const { settings, ledger, context } = work;
  if (printEmpty(work) && options.format === 'table') return 0;
  const reading = await context.apis.for(settings).readCatalogue({
    signal: context.lifetime.interrupt,
    scope: scopeOf((options.whatIf ?? []).map((name) => withoutAlias(name, settings.aliases ?? {}))),
  });
  const models = findModels(options.whatIf ?? [], reading.catalogue.models, settings.aliases);
  const targets = options.prices === 'then' ? await targetsThen(models, work) : models.map(atPricesOfToday);
  const cut = cutForTargets(targets);
  const { since, until } = options.period;
  const match = whatIf(targets, ledger.pastWorkloads({ ...options.filter, since, until }, cut), cut);
  printUsageNotes(staleNotes(reading), context);
  await showList(
    {
      title: withSandboxLabel(whatIfTitle(match, options.period, options.prices), settings.sandbox),
      table: whatIfTable(match),
      notes: whatIfNotes(match, options.prices),
      json: whatIfJson(match, options.period, options.prices),
      records: whatIfRecords(match),
    },
    options,
    context,
  );
  return 0;
}

async function targetsThen(models: readonly Model[], { settings, context }: UsageWork): Promise<WhatIfTarget[]> {
  const market = await context.stores.for(settings).openMarket();
  return models.map((model) => atPricesThen(model, market.history(model.id)));
}
