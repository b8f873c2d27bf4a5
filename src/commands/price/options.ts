import { parseCount, parseLimit, parseTokenCount } from '../../core/settings/parse-count.ts';
import type { ChartAxis } from '../../core/price/chart.ts';
import { parseShare } from '../../core/price/parse-share.ts';
import { checkShares } from '../../core/price/plan-workload.ts';
import type { Decimal } from '../../decimal.ts';
import { usageError } from '../../errors.ts';
import type { ModelFilter } from '../../core/models/filter-models.ts';
import {
  type CatalogueSettings,
  type ConnectionSettings,
  type RequestSettings,
  type RoutingSettings,
} from '../../core/settings/groups.ts';
import { checkSettings } from '../../core/settings/resolve.ts';
import { parseStart } from '../../core/time/parse-time.ts';
import type { PriceFilterFlags } from '../catalogue/filter-flags.ts';
import { parseFilter } from '../catalogue/filter-options.ts';
import { withModalities } from '../list-format.ts';
import type { CommandInput } from '../register.ts';
import { type TableFormat, tableFormat } from '../table-format.ts';
import { DEFAULT_INPUT, PRICE_FORMATS, type PriceFlags, QUOTED_ROUTING } from './flags.ts';

export type PriceFormat = (typeof PRICE_FORMATS)[number];

const USUAL = 'usual';

/** The options of `orx price`. Texts and images are paths, not yet read. */
export interface PriceOptions {
  settings: ConnectionSettings & CatalogueSettings & RequestSettings & RoutingSettings;
  /** Names; empty: all models that match the filter. */
  models: readonly string[];
  filter: ModelFilter;
  /** `--system` was given: its tokens count even without a prompt. */
  hasSystemFlag: boolean;
  /** Tokens of the prompt; undefined: count the given text, else use `assumedInput`. */
  input: number | undefined;
  /** The default number of prompt tokens. */
  assumedInput: number;
  output: number | undefined;
  /** `--out usual`: for each model, the usual length of its answers in the ledger. */
  usesPast: boolean;
  prompt: string | undefined;
  files: readonly string[];
  imageFiles: readonly string[];
  /** Images of the usual size, in addition to image files. */
  images: number;
  reasoning: number;
  searches: number;
  cachedShare: Decimal;
  cacheWriteShare: Decimal;
  /** Requests per month. */
  requests: number | undefined;
  format: PriceFormat;
  /** The axis of the chart besides cost; undefined: no chart. */
  chart: ChartAxis | undefined;
  refresh: boolean;
}

/** A list of modalities, the old meaning of -o, has been removed before. */
function formatOf(text: string = 'table'): PriceFormat {
  const format = PRICE_FORMATS.find((one) => one === text);
  if (format === undefined) throw usageError(`-o must be one of ${PRICE_FORMATS.join(', ')}, not "${text}"`);
  return format;
}

/** `orx price` quotes a workload, or shows how the prices of a model changed. */
export type PriceRun = { type: 'quote'; options: PriceOptions } | { type: 'history'; options: HistoryOptions };

export function parsePrice(input: CommandInput<PriceFlags & PriceFilterFlags>): PriceRun {
  if (input.options.history !== undefined) return { type: 'history', options: parseHistory(input) };
  return { type: 'quote', options: parseQuote({ ...input, settings: input.settings, options: withModalities(input.options) }) };
}

/** Parses the flags. Throws a usage error that names the flag. */
function parseQuote(
  input: Pick<CommandInput<PriceFlags & PriceFilterFlags>, 'words' | 'options' | 'flags' | 'settings' | 'now'>,
): PriceOptions {
  const { words, options, flags, settings, now } = input;
  const tokens = (flag: string, given: string | undefined): number | undefined =>
    given === undefined ? undefined : parseTokenCount(flag, given);
  const cachedShare = parseShare('--cached', options.cached);
  const cacheWriteShare = parseShare('--cache-write', options.cacheWrite);
  checkShares(cachedShare, cacheWriteShare);
  const isUsual = options.out?.trim().toLowerCase() === USUAL;
  const format = options.json === true ? 'json' : formatOf(options.output);
  if (options.chart === true && format !== 'table') throw usageError(`--chart cannot be combined with -o ${format}`);
  checkSettings(settings, ['system', ...QUOTED_ROUTING]);
  // These flags mean something else here, so they are not filters.
  const { search: _, reasoning: __, ...filters } = options;
  const parsed: PriceOptions = {
    settings,
    models: words,
    filter: parseFilter([], filters, { now, favorites: settings.favorites }),
    hasSystemFlag: flags.system !== undefined,
    input: tokens('--in', options.in),
    assumedInput: DEFAULT_INPUT,
    output: isUsual ? undefined : tokens('--out', options.out),
    usesPast: isUsual,
    prompt: options.prompt,
    files: options.file ?? [],
    imageFiles: options.attach ?? [],
    images: parseCount('--images', options.images),
    reasoning: parseTokenCount('--reasoning', options.reasoning),
    searches: parseCount('--search', options.search),
    cachedShare,
    cacheWriteShare,
    requests: options.requests === undefined ? undefined : parseLimit('--requests', options.requests.replaceAll('_', '')),
    format,
    chart: options.chart === true ? options.against : undefined,
    refresh: options.refresh === true,
  };
  if (parsed.input !== undefined && (parsed.prompt !== undefined || parsed.files.length > 0)) {
    throw usageError('--in cannot be combined with --prompt or -f: either give the token count or have it counted');
  }
  return parsed;
}

/** How the prices of a model changed. */
export interface HistoryOptions {
  settings: ConnectionSettings & CatalogueSettings;
  model: string;
  /** The start of the period, as typed. */
  since: string | undefined;
  start: number | undefined;
  format: TableFormat;
}

function parseHistory({ words, options, settings, now }: CommandInput<PriceFlags & PriceFilterFlags>): HistoryOptions {
  const { history, since, output, json } = options;
  const format = tableFormat({ ...(output !== undefined && { output }), ...(json === true && { json }) });
  const named = [...words, ...(typeof history === 'string' ? [history] : [])];
  const [model] = named;
  if (model === undefined || named.length > 1) {
    throw usageError(
      `--history needs exactly one model, not ${named.length === 0 ? 'none' : named.length}`,
      'name one model: orx price MODEL --history',
    );
  }
  return { settings, model, since, start: since === undefined ? undefined : parseStart('--since', since, now), format };
}
