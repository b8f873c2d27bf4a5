import { type Command, Option } from 'commander';
import { parseCount, parseLimit, parseTokenCount } from '../../core/settings/parse-count.ts';
import { CHART_AXES, type ChartAxis } from '../../core/price/chart.ts';
import { parseShare } from '../../core/price/parse-share.ts';
import { checkShares, DEFAULT_OUTPUT } from '../../core/price/plan-workload.ts';
import type { Decimal } from '../../decimal.ts';
import { usageError } from '../../errors.ts';
import { addFlagAlias } from '../flag-aliases.ts';
import { listFormatOption } from '../list-format.ts';

const PRICE_FORMATS = ['table', 'json', 'csv', 'markdown'] as const;
export type PriceFormat = (typeof PRICE_FORMATS)[number];

const WORKLOAD = 'Workload:';
const NONE = '0%';
const DEFAULT_INPUT = 1000;
const USUAL = 'usual';

/** One run of price. The texts and pictures are named, not read. */
export interface PriceOptions {
  /** Tokens of the prompt; undefined: count what there is, else `assumedInput`. */
  input: number | undefined;
  /** Tokens of a prompt of which nothing is said. */
  assumedInput: number;
  output: number | undefined;
  /** `--out usual`: for each model as long as its answers in the ledger. */
  usesPast: boolean;
  prompt: string | undefined;
  files: readonly string[];
  pictures: readonly string[];
  /** Pictures of the usual size, besides those that are files. */
  images: number;
  reasoning: number;
  searches: number;
  cachedShare: Decimal;
  cacheWriteShare: Decimal;
  /** A month. */
  requests: number | undefined;
  format: PriceFormat;
  /** What the chart sets cost against; undefined: no chart. */
  chart: ChartAxis | undefined;
  refresh: boolean;
}

/** Declares what says how much is to be paid for, and how it is shown. */
export function addPriceOptions(command: Command): void {
  const workload = (flags: string, description: string): Option => new Option(flags, description).helpGroup(WORKLOAD);
  const repeated = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];
  command
    .addOption(workload('--prompt <text>', 'a prompt, whose tokens are counted'))
    .addOption(workload('-f, --file <path>', 'a text of the prompt, - for standard input; may be repeated').argParser(repeated))
    .addOption(
      workload('-a, --attach <picture>', 'a picture of the prompt: PNG, JPEG, WebP or GIF; may be repeated').argParser(repeated),
    )
    .addOption(workload('--in <tokens>', `tokens of the prompt, such as 1200, 1.2k or 3M (without a prompt: ${DEFAULT_INPUT})`))
    .addOption(workload('--out <tokens>', `tokens of the answer, or usual: from the ledger (default: ${DEFAULT_OUTPUT})`))
    .addOption(workload('--reasoning <tokens>', 'tokens of reasoning before the answer').default('0'))
    .addOption(workload('--cached <share>', 'share of the prompt that is read from a cache, such as 80%').default(NONE))
    .addOption(workload('--cache-write <share>', 'share of the prompt that is written to a cache').default(NONE))
    .addOption(workload('--images <count>', 'pictures of 1024 × 1024 in the prompt').default('0'))
    .addOption(workload('--search <count>', 'web searches').default('0'))
    .addOption(workload('--requests <count>', 'requests a month, such as 10000: shows the cost of a month as well'))
    .addOption(listFormatOption('how the quotes are written (default: table)', PRICE_FORMATS))
    .option('--json', 'the same as -o json: an array of quotes, amounts as exact decimal text')
    .option('--history [model]', 'how the prices of one model went, as far as orx has seen')
    .option('--chart', 'bars of the cost, and the cost against the context')
    .addOption(new Option('--against <axis>', 'what the chart sets the cost against').choices(CHART_AXES).default('context'))
    .option('--refresh', 'ask the API even when the stored catalogue is fresh');
  addFlagAlias(command, '--format <format>', 'output');
}

function formatOf(text = 'table'): PriceFormat {
  const format = PRICE_FORMATS.find((one) => one === text);
  if (format === undefined) throw usageError(`-o takes ${PRICE_FORMATS.join(', ')}, not "${text}"`);
  return format;
}

/** Reads them. Throws a usage error that names the flag. */
export function parsePriceOptions(options: Readonly<Record<string, unknown>>): PriceOptions {
  const text = (name: string): string | undefined => options[name] as string | undefined;
  const list = (name: string): readonly string[] => (options[name] as readonly string[] | undefined) ?? [];
  const tokens = (flag: string, name: string): number | undefined => {
    const given = text(name);
    return given === undefined ? undefined : parseTokenCount(flag, given);
  };
  const cachedShare = parseShare('--cached', text('cached') ?? NONE);
  const cacheWriteShare = parseShare('--cache-write', text('cacheWrite') ?? NONE);
  checkShares(cachedShare, cacheWriteShare);
  const isUsual = text('out')?.trim().toLowerCase() === USUAL;
  const format = options['json'] === true ? 'json' : formatOf(text('output'));
  if (options['chart'] === true && format !== 'table')
    throw usageError(`--chart draws, -o ${format} does not: leave out one of them`);
  const parsed: PriceOptions = {
    input: tokens('--in', 'in'),
    assumedInput: DEFAULT_INPUT,
    output: isUsual ? undefined : tokens('--out', 'out'),
    usesPast: isUsual,
    prompt: text('prompt'),
    files: list('file'),
    pictures: list('attach'),
    images: parseCount('--images', text('images') ?? '0'),
    reasoning: tokens('--reasoning', 'reasoning') ?? 0,
    searches: parseCount('--search', text('search') ?? '0'),
    cachedShare,
    cacheWriteShare,
    requests: text('requests') === undefined ? undefined : parseLimit('--requests', text('requests')!.replaceAll('_', '')),
    format,
    chart: options['chart'] === true ? (options['against'] as ChartAxis) : undefined,
    refresh: options['refresh'] === true,
  };
  if (parsed.input !== undefined && (parsed.prompt !== undefined || parsed.files.length > 0)) {
    throw usageError('--in gives the tokens of the prompt, --prompt and -f have them counted: leave out one of them');
  }
  return parsed;
}
