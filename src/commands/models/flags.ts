import { BENCHMARKS } from '../../core/models/benchmarks.ts';
import { MODEL_SORTS } from '../../core/models/sorts.ts';
import { ENDPOINT_SORTS } from '../../core/models/sort-endpoints.ts';
import type { FilterFlags } from '../catalogue/filter-flags.ts';
import { type Command, type FlagsOf, Option } from '../commander.ts';
import { common } from '../help-facts.ts';
import { listFormatOption } from '../list-format.ts';
import type { FormatFlags } from '../table-format.ts';

export const MODEL_FORMATS = ['table', 'json', 'csv', 'markdown', 'ids'] as const;
export type ModelFormat = (typeof MODEL_FORMATS)[number];

export const DIFF_SINCE = '7d';

export function modelsFlags(command: Command) {
  return command
    .addOption(common(new Option('--sort <order>', 'sort order (default: name)')).choices(MODEL_SORTS).default('name'))
    .addOption(common(new Option('--reverse', 'reverse the sort order')))
    .addOption(
      new Option('--benchmark <name>', 'benchmark for --sort value (default: intelligence)')
        .choices(BENCHMARKS)
        .default('intelligence'),
    )
    .addOption(common(new Option('--limit <count>', 'maximum number of models')))
    .addOption(common(new Option('--columns <names>', 'columns to show, in this order (comma-separated)')))
    .addOption(listFormatOption('format: table, json, csv, markdown or ids (default: table)', MODEL_FORMATS))
    .addOption(common(new Option('--json', "print the API's model objects as a JSON array")))
    .addOption(common(new Option('--static', 'print the list and exit, also on a terminal')))
    .addOption(common(new Option('--pick', 'choose a model interactively and print its id')))
    .addOption(common(new Option('--refresh', 'fetch the catalog even if the cached copy is fresh')))
    .option('--offline', 'use the cached copies only, however old');
}

export function showFlags(command: Command) {
  return command.option('--refresh', 'fetch again even if the cached copies are fresh');
}

export function diffFlags(command: Command) {
  return command
    .option('--since <when>', `compare with the catalog of that time (default: ${DIFF_SINCE})`)
    .option('--list', 'list the stored snapshots and their size on disk');
}

export function endpointsFlags(command: Command) {
  return command
    .addOption(new Option('--sort <order>', "sort order (default: the API's)").choices(ENDPOINT_SORTS))
    .option('--reverse', 'reverse the sort order')
    .option('--zdr', 'only endpoints with zero data retention')
    .option('--min-context <tokens>', 'only with at least this context, such as 128k')
    .option('--max-price <in,out>', 'price limit in USD per million tokens, such as 0.5,2')
    .option('--quantization <levels>', 'only these, such as fp8,bf16 or unknown (comma-separated)')
    .option('--refresh', 'fetch again even if the cached copy is fresh');
}

export type ModelsFlags = FlagsOf<typeof modelsFlags> & FilterFlags;
export type ShowFlags = FlagsOf<typeof showFlags> & FormatFlags;
export type DiffFlags = FlagsOf<typeof diffFlags> & FormatFlags;
export type EndpointsFlags = FlagsOf<typeof endpointsFlags> & FormatFlags;
