import { CHART_AXES } from '../../core/price/chart.ts';
import { DEFAULT_OUTPUT } from '../../core/price/plan-workload.ts';
import { ROUTING_SETTINGS } from '../../core/settings/groups.ts';
import { type Command, type FlagsOf, Option } from '../commander.ts';
import { listFormatOption } from '../list-format.ts';

export const PRICE_FORMATS = ['table', 'json', 'csv', 'markdown'] as const;
/** Tokens of a prompt of which nothing is said. */
export const DEFAULT_INPUT = 1000;
/** Routing that a quote takes into account. */
export const QUOTED_ROUTING = ROUTING_SETTINGS.filter((key) => key !== 'fallback' && key !== 'strict-model');
const NONE = '0%';

/** What says how much is to be paid for, and how it is shown. */
export type PriceFlags = FlagsOf<typeof priceFlags>;

export function priceFlags(command: Command) {
  const repeated = (text: string, before: string[] = []): string[] => [...before, text];
  return command
    .addOption(workload('--prompt <text>', 'a prompt, whose tokens are counted'))
    .addOption(workload('-f, --file <path>', 'a text of the prompt, - for standard input; may be repeated').argParser(repeated))
    .addOption(
      workload('-a, --attach <image>', 'an image of the prompt: PNG, JPEG, WebP or GIF; may be repeated').argParser(repeated),
    )
    .addOption(workload('--in <tokens>', `tokens of the prompt, such as 1200, 1.2k or 3M (without a prompt: ${DEFAULT_INPUT})`))
    .addOption(workload('--out <tokens>', `tokens of the answer, or usual: from the ledger (default: ${DEFAULT_OUTPUT})`))
    .addOption(workload('--reasoning <tokens>', 'tokens of reasoning before the answer').default('0'))
    .addOption(workload('--cached <share>', 'share of the prompt that is read from a cache, such as 80%').default(NONE))
    .addOption(workload('--cache-write <share>', 'share of the prompt that is written to a cache').default(NONE))
    .addOption(workload('--images <count>', 'images of 1024 × 1024 in the prompt').default('0'))
    .addOption(workload('--search <count>', 'web searches').default('0'))
    .addOption(workload('--requests <count>', 'requests a month, such as 10000: shows the cost of a month as well'))
    .addOption(listFormatOption('how the quotes are written (default: table)', PRICE_FORMATS))
    .option('--json', 'the same as -o json: an array of quotes, amounts as exact decimal text')
    .option('--history [model]', 'how the prices of one model went, as far as orx has seen')
    .option('--chart', 'bars of the cost, and the cost against the context')
    .addOption(new Option('--against <axis>', 'what the chart sets the cost against').choices(CHART_AXES).default('context'))
    .option('--refresh', 'ask the API even when the stored catalogue is fresh');
}

function workload<Usage extends string>(flags: Usage, description: string) {
  const option = new Option(flags, description);
  option.helpGroup('Workload:');
  return option;
}
