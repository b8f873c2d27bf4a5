import type { CatalogueSettings } from '../../core/settings/groups.ts';
import { ROUTING_SETTINGS } from '../../core/settings/groups.ts';
import type { Command } from 'commander';
import { filterModels } from '../../core/models/filter-models.ts';
import { findModels } from '../../core/models/find-model.ts';
import { rankQuotes } from '../../core/price/rank-quotes.ts';
import { checkSettings } from '../../core/settings/resolve.ts';
import { staleNotes } from '../../output/models/catalogue-note.ts';
import { exclusionNotes, priceNote } from '../../output/price/note.ts';
import type { Model } from '../../apis/catalogue.ts';
import { addFilterOptions, type FilterFlag } from '../catalogue/filter-flags.ts';
import { withModalities } from '../list-format.ts';
import { parseFilter } from '../catalogue/filter-options.ts';
import { addPriceOptions, parsePriceOptions } from './options.ts';
import { showPrices } from './output.ts';
import { hasRanges, quoteModels } from './quotes.ts';
import { openPast, readWorkload, workloadsFor } from './workload.ts';
import type { RegisterCommand, Run } from '../register.ts';
import { addSettingOptions, type CommandInput } from '../setting-options.ts';

/** Flags of `orx models` that mean something else here: searches, tokens, and who may answer. */
const OTHER_MEANING: readonly FilterFlag[] = ['search', 'reasoning', 'provider', 'zdr', 'quantization'];
const QUOTED_ROUTING = ROUTING_SETTINGS.filter((key) => key !== 'fallback' && key !== 'strict-model');

const HELP = `
For up to 20 models the cost is a range over the endpoints that routing may pick, cheapest first; for
more it is the catalogue's price. It is exact for the tokens it is quoted for: every kind of price,
tiers and hours included. × is how many times the cheapest that is not free. Tokens are counted with
OpenAI's tokenizers: exact for OpenAI's models, an estimate with its margin for all others.

Examples:
  orx price deepseek/deepseek-chat openai/gpt-4o --in 1200 --out 400
  cat spec.md | orx price claude-sonnet-4.5 --out 800 --cached 80% --requests 10000
  orx price gpt-4o -f report.txt -a chart.png --data-policy strict
  orx price --tools --min-context 200k --chart --against coding`;

export const registerPrice: RegisterCommand = (program, execute) => {
  const command: Command = program
    .command('price')
    .description('What a prompt costs on each model before it is sent, cheapest first.')
    .argument('[models...]', 'ids, or parts that only one id has; without: all models that pass the filters');
  addPriceOptions(command);
  addSettingOptions(command, ['system']);
  addSettingOptions(command, QUOTED_ROUTING, 'Routing:');
  addFilterOptions(command, OTHER_MEANING);
  command.addHelpText('after', HELP);
  command.action(execute(runPrice));
};

/** `orx price` */
export const runPrice: Run = async (typed, context) => {
  if (typed.options['history'] !== undefined) return (await import('./history.ts')).runPriceHistory(typed, context);
  const input = { ...typed, options: withModalities(typed.options) };
  const options = parsePriceOptions(input.options);
  const { values: settings } = context.stores.resolveSettings(input.flags);
  checkSettings(settings, ['system', ...QUOTED_ROUTING]);
  const asked = await readWorkload(options, settings, input.flags['system'] !== undefined, context);
  const reading = await context.apis
    .for(settings)
    .readCatalogue({ signal: context.lifetime.interrupt, refresh: options.refresh });
  const models = askedModels(input, reading.catalogue.models, settings, context.clock.now());
  const isRange = hasRanges(models.length);
  const past = isRange ? await openPast(models, asked, settings, context) : undefined;
  const workloads = await workloadsFor(models, asked, options, past);
  const { quotes, notes } = await quoteModels(
    models,
    workloads,
    { settings, refresh: options.refresh, isOffline: reading.staleBecause !== undefined, isRange },
    context,
  );
  const ranked = rankQuotes(quotes);
  const isPromptAssumed = asked.texts === undefined && options.input === undefined;
  const facts = { isPromptAssumed, ageMs: reading.ageMs, requests: options.requests };
  await showPrices(ranked, options, context, {
    summary: [
      { text: priceNote(ranked, facts) },
      ...(isRange ? [] : [{ text: "more than 20 models: the catalogue's prices, whatever the routing" }]),
    ],
    notes: [...staleNotes(reading), ...notes],
    details: exclusionNotes(ranked),
  });
  return 0;
};

/** Named ones, of which those that pass the filters stay. */
function askedModels(
  { words, options }: CommandInput,
  models: readonly Model[],
  settings: CatalogueSettings,
  now: number,
): Model[] {
  const filter = parseFilter([], withoutOther(options), { now, favourites: settings.favourites });
  return filterModels(words.length === 0 ? models : findModels(words, models, settings.aliases), filter);
}

/** `--search 3` and the like are no filters here. */
function withoutOther(options: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(options).filter(([name]) => !OTHER_MEANING.some((flag) => flag === name)));
}
