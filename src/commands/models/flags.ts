import { type Command, Option } from 'commander';
import { BENCHMARKS } from '../../core/models/benchmarks.ts';
import { MODEL_SORTS } from '../../core/models/sorts.ts';
import { addFilterOptions } from '../catalogue/filter-flags.ts';
import { addFlagAlias } from '../flag-aliases.ts';
import { listFormatOption } from '../list-format.ts';
import { addSettingOptions } from '../setting-options.ts';

export const MODEL_FORMATS = ['table', 'json', 'csv', 'markdown', 'ids'] as const;
export type ModelFormat = (typeof MODEL_FORMATS)[number];

/** Declares what models takes. What it means is read by modelsOptions. */
export function addModelsOptions(command: Command): void {
  command
    .addOption(new Option('--sort <order>', 'order of the list').choices(MODEL_SORTS).default('name'))
    .option('--reverse', 'the other way round; what is not known stays behind')
    .addOption(new Option('--benchmark <name>', 'for --sort value').choices(BENCHMARKS).default('intelligence'))
    .option('--limit <count>', 'no more than this many')
    .option('--columns <names>', 'which columns, in this order (comma list); their names are below')
    .addOption(listFormatOption('how the list is written (default: table)', MODEL_FORMATS))
    .option('--json', "the same as -o json: the API's own model objects, as an array in the order of the list")
    .option('--static', 'print the list and end, also on a terminal')
    .option('--pick', 'choose a model from the live table: its id is all that is printed')
    .option('--refresh', 'ask the API even when the stored catalogue is fresh')
    .option('--offline', 'never ask the API: the stored copies, however old');
  addFlagAlias(command, '--format <format>', 'output');
  addSettingOptions(command, ['blend']);
  addFilterOptions(command);
}
