import { Option } from 'commander';
import { filterModels } from '../core/filter-models.ts';
import { parseBlend } from '../core/market/blend.ts';
import { parseLimit } from '../core/parse-count.ts';
import { MODEL_SORTS, type ModelSort, sortModels } from '../core/sort-models.ts';
import { catalogueNote, staleNotes } from '../output/catalogue-note.ts';
import { modelsTable } from '../output/models-table.ts';
import { addFilterOptions, parseFilter } from './model-filter-options.ts';
import type { RegisterCommand, Run } from './register.ts';
import { showJson, showTable } from './show-table.ts';

const HELP = `
Sorts: price, cheapest first, 3 parts input blended with 1 part output (what is not priced by the
token comes behind, what varies last) · context, longest first · newest first · name, by id.
Prices are USD per million tokens. ~ marks one that is rounded to fit the terminal; it is exact in
a pipe and with --json. The catalogue is kept for 5 minutes, and shown with its age, however old,
when the API cannot be reached.

Examples:
  orx models claude sonnet
  orx models --sort price --limit 20
  orx models --free --json | jq -r '.[].id'`;

interface ModelsOptions {
  sort: ModelSort;
  limit?: string;
  reverse?: boolean;
  refresh?: boolean;
  json?: boolean;
}

export const registerModels: RegisterCommand = (program, execute) => {
  const command = program
    .command('models')
    .description('List the models with their prices.')
    .argument('[words...]', 'only models with all these words in id or name')
    .addOption(new Option('--sort <order>', 'order of the list').choices(MODEL_SORTS).default('name'))
    .option('--limit <count>', 'no more than this many')
    .option('--reverse', 'the other way round')
    .option('--refresh', 'ask the API even when the stored catalogue is fresh')
    .option('--json', "the API's own model objects, as a JSON array in the order of the list")
    .addHelpText('after', HELP);
  addFilterOptions(command);
  command.action(execute(runModels));
};

const runModels: Run = async (input, context) => {
  const options = input.options as unknown as ModelsOptions;
  const limit = options.limit === undefined ? undefined : parseLimit('--limit', options.limit);
  const { values: settings } = context.resolveSettings(input.flags);
  const reading = await context.readCatalogue(settings, { signal: context.interrupt, refresh: options.refresh });
  const all = reading.catalogue.models;
  const found = filterModels(
    all,
    parseFilter(input.words, input.options, { now: context.clock.now(), favourites: settings.favourites }),
  );
  const blend = parseBlend(settings.blend);
  const models = sortModels(found, options.sort, { reverse: options.reverse, blend }).slice(0, limit);
  if (options.json === true) {
    await showJson(
      context,
      staleNotes(reading),
      models.map(({ wire }) => wire),
    );
    return 0;
  }
  const notes = [{ text: catalogueNote(models.length, all.length, reading.ageMs) }, ...staleNotes(reading)];
  await showTable(context, { notes, table: (forTerminal) => modelsTable(models, { short: forTerminal }) });
  return 0;
};
