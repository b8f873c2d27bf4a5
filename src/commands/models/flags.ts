import { BENCHMARKS } from '../../core/models/benchmarks.ts';
import { MODEL_SORTS } from '../../core/models/sorts.ts';
import { ENDPOINT_SORTS } from '../../core/models/sort-endpoints.ts';
import type { FilterFlags } from '../catalogue/filter-flags.ts';
import { type Command, type FlagsOf, Option } from '../commander.ts';
import { listFormatOption } from '../list-format.ts';
import type { FormatFlags } from '../table-format.ts';

export const MODEL_FORMATS = ['table', 'json', 'csv', 'markdown', 'ids'] as const;
export type ModelFormat = (typeof MODEL_FORMATS)[number];

export const DIFF_SINCE = '7d';

export function modelsFlags(command: Command) {
  return command
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
}

export function showFlags(command: Command) {
  return command.option('--refresh', 'ask the API even when the stored copies are fresh');
}

export function diffFlags(command: Command) {
  return command
    .option('--since <when>', `compare with the catalogue of then (default: ${DIFF_SINCE})`)
    .option('--list', 'the snapshots there are, and their size on disk');
}

export function endpointsFlags(command: Command) {
  return command
    .addOption(new Option('--sort <order>', "order of the list (default: the API's own)").choices(ENDPOINT_SORTS))
    .option('--reverse', 'the other way round')
    .option('--zdr', 'only those that keep nothing of a prompt')
    .option('--min-context <tokens>', 'only with at least so much context, such as 128k')
    .option('--max-price <in,out>', 'only endpoints up to this price, USD per million in and out')
    .option('--quantization <levels>', 'only these, such as fp8,bf16; unknown for what is not told (comma list)')
    .option('--refresh', 'ask the API even when the stored copy is fresh');
}

export type ModelsFlags = FlagsOf<typeof modelsFlags> & FilterFlags;
export type ShowFlags = FlagsOf<typeof showFlags> & FormatFlags;
export type DiffFlags = FlagsOf<typeof diffFlags> & FormatFlags;
export type EndpointsFlags = FlagsOf<typeof endpointsFlags> & FormatFlags;
