import { CHART_AXES } from '../../core/price/chart.ts';
import { DEFAULT_OUTPUT } from '../../core/price/plan-workload.ts';
import { ROUTING_SETTINGS } from '../../core/settings/groups.ts';
import { type Command, type FlagsOf, Option } from '../commander.ts';
import { common } from '../help-facts.ts';
import { listFormatOption } from '../list-format.ts';

export const PRICE_FORMATS = ['table', 'json', 'csv', 'markdown'] as const;
/** The default number of prompt tokens. */
export const DEFAULT_INPUT = 1000;
/** Routing settings that change no quote: they concern other models, the order of providers, or parameters that a quote does not have. */
const UNQUOTED: ReadonlySet<string> = new Set([
  'fallback',
  'strict-model',
  'min-throughput',
  'max-latency',
  'require-parameters',
]);

/** The routing settings that affect a quote. */
export const QUOTED_ROUTING = ROUTING_SETTINGS.filter((key) => !UNQUOTED.has(key));
const NONE = '0%';

/** The flags that describe the workload and the output. */
export type PriceFlags = FlagsOf<typeof priceFlags>;

export function priceFlags(command: Command) {
  const repeated = (text: string, before: string[] = []): string[] => [...before, text];
  return command
    .addOption(workload('--prompt <text>', 'count the tokens of this prompt'))
    .addOption(workload('-f, --file <path>', 'count the tokens of a file, or of - (repeatable)').argParser(repeated))
    .addOption(workload('-a, --attach <image>', 'count a PNG, JPEG, WebP or GIF image (repeatable)').argParser(repeated))
    .addOption(workload('--in <tokens>', `input tokens, such as 1200, 1.2k or 3M (default: ${DEFAULT_INPUT})`))
    .addOption(workload('--out <tokens>', `output tokens, or usual: from the ledger (default: ${DEFAULT_OUTPUT})`))
    .addOption(workload('--reasoning <tokens>', 'reasoning tokens (default: 0)').default('0'))
    .addOption(workload('--cached <share>', 'share of the input read from a cache (default: 0%)').default(NONE))
    .addOption(workload('--cache-write <share>', 'share of the input written to a cache (default: 0%)').default(NONE))
    .addOption(workload('--images <count>', 'images of 1024 × 1024 in the input (default: 0)').default('0'))
    .addOption(workload('--search <count>', 'web searches (default: 0)').default('0'))
    .addOption(workload('--requests <count>', 'requests per month: shows the monthly cost as well'))
    .addOption(listFormatOption('format: table, json, csv or markdown (default: table)', PRICE_FORMATS))
    .addOption(common(new Option('--json', 'print a JSON array, amounts as exact decimal text')))
    .addOption(common(new Option('--history [model]', 'show how the prices of one model changed')))
    .addOption(common(new Option('--chart', 'draw the costs, and the cost against the context')))
    .addOption(new Option('--against <axis>', 'axis of the chart (default: context)').choices(CHART_AXES).default('context'))
    .option('--refresh', 'fetch the catalog even if the cached copy is fresh');
}

function workload<Usage extends string>(flags: Usage, description: string) {
  return common(new Option(flags, description)).helpGroup('Workload:');
}
