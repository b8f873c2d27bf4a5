import type { ChatSettings } from '../../core/settings/groups.ts';
import type { ModelFilter } from '../../core/models/filter-models.ts';
import type { Benchmark } from '../../core/models/benchmarks.ts';
import { type Blend, parseBlend } from '../../core/models/blend.ts';
import type { ModelSort } from '../../core/models/sorts.ts';
import { parseLimit, parseTokenCount } from '../../core/settings/parse-count.ts';
import { nearestWord } from '../../core/text/near-names.ts';
import { usageError } from '../../errors.ts';
import { MODEL_COLUMN_NAMES, type ModelColumnName } from '../../output/models/column-names.ts';
import { parseFilter } from '../catalogue/filter-options.ts';
import { type RetentionPolicy, retentionPolicy } from '../catalogue/retention-policy.ts';
import type { ListPolicy } from '../catalogue/within-policy.ts';
import { withModalities } from '../list-format.ts';
import { type EndpointFilter } from '../../core/models/filter-endpoints.ts';
import type { EndpointSort } from '../../core/models/sort-endpoints.ts';
import { QUANTIZATIONS } from '../../core/settings/closed-lists.ts';
import type { CatalogueSettings, ConnectionSettings } from '../../core/settings/groups.ts';
import { pricePair, someOf } from '../../core/settings/parsers.ts';
import { decimal } from '../../decimal.ts';
import type { TerminalFacts } from '../is-drawable.ts';
import type { CommandInput, SettingFlags } from '../register.ts';
import { type TableFormat, tableFormat } from '../table-format.ts';
import {
  DIFF_SINCE,
  type DiffFlags,
  type EndpointsFlags,
  MODEL_FORMATS,
  type ModelFormat,
  type ModelsFlags,
  type ShowFlags,
} from './flags.ts';

/** What `orx models` lists, and how. */
export interface ModelsOptions {
  /** All settings, because the user can choose a model for a chat, a quote or a comparison in the live table. */
  settings: ChatSettings;
  flags: SettingFlags;
  /** The search text, unless it is a mistyped command. */
  words: readonly string[];
  filter: ModelFilter;
  sort: ModelSort;
  reverse: boolean;
  blend: Blend;
  benchmark: Benchmark;
  limit: number | undefined;
  format: ModelFormat;
  /** Undefined: the default columns and those that the list is sorted by. */
  columns: readonly ModelColumnName[] | undefined;
  orderedBy: readonly ModelColumnName[];
  /** Draw the live table. */
  isLive: boolean;
  /** Stored ids. */
  favorites: readonly string[] | undefined;
  /** The stored data policy, which the list marks. Undefined without a stored policy, or if a flag hides the excluded models. */
  policy: RetentionPolicy | undefined;
  /** Only pick a model. */
  isPick: boolean;
  refresh: boolean;
  offline: boolean;
}

/** Parses the flags. Throws a usage error that names the flag. */
export function parseModels(input: CommandInput<ModelsFlags>): ModelsOptions {
  const { settings, now, terminal } = input;
  // `orx models list` works too, because other commands have a `list`.
  const words = input.words[0] === 'list' ? input.words.slice(1) : input.words;
  const typed = withModalities(input.options);
  const policy = retentionPolicy(settings);
  const options = policy !== undefined && input.flags['data-policy'] !== undefined ? { ...typed, zdr: true as const } : typed;
  const { sort, benchmark, limit, columns } = options;
  // A format, a length or `--static` was given.
  const isOnlyPrinted = options.output !== undefined || options.json === true || options.static === true || limit !== undefined;
  return {
    settings,
    words,
    flags: input.flags,
    filter: parseFilter(words, options, { now, favorites: settings.favorites }),
    sort,
    reverse: options.reverse === true,
    blend: parseBlend(settings.blend),
    benchmark,
    limit: limit === undefined ? undefined : parseLimit('--limit', limit),
    format: options.json === true ? 'json' : formatOf(options.output),
    columns: columns === undefined ? undefined : parseColumns(columns),
    orderedBy: sortColumns(sort, benchmark),
    isLive: canBeLive(options.pick === true, isOnlyPrinted, terminal),
    favorites: settings.favorites,
    policy: options.zdr === true ? undefined : policy,
    isPick: options.pick === true,
    refresh: options.refresh === true,
    offline: options.offline === true,
  };
}

/**
 * Returns whether the list can be interactive: on a terminal with a keyboard. Throws a usage error if a model cannot be picked.
 */
function canBeLive(isPick: boolean, isOnlyPrinted: boolean, terminal: TerminalFacts): boolean {
  if (!isPick) return !isOnlyPrinted && terminal.stdout.isAnimated && terminal.hasKeyboard;
  if (isOnlyPrinted)
    throw usageError('--pick cannot be combined with other output flags', 'omit -o, --json, --static and --limit');
  // Standard output receives only the id, and may be a pipe.
  if (terminal.hasKeyboard && terminal.stderr.isAnimated) return true;
  throw usageError('--pick needs an interactive terminal', 'name a part of the model id instead: orx chat -m sonnet-4.5');
}

function formatOf(text = 'table'): ModelFormat {
  const format = MODEL_FORMATS.find((one) => one === text);
  if (format === undefined) throw usageError(`-o must be one of ${MODEL_FORMATS.join(', ')}, not "${text}"`);
  return format;
}

/** Returns the columns that show the sort value, if the default columns do not include it. */
export function sortColumns(sort: ModelSort, benchmark: Benchmark): readonly ModelColumnName[] {
  if (sort === 'price') return ['blend'];
  if (sort === 'value') return [benchmark, 'value'];
  return sort === 'throughput' || sort === 'latency' || sort === 'uptime' ? [sort] : [];
}

function parseColumns(text: string): readonly ModelColumnName[] {
  const names = text
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '');
  const columns = names.map((name) => {
    const match = MODEL_COLUMN_NAMES.find((column) => column === name);
    if (match !== undefined) return match;
    const near = nearestWord(name, MODEL_COLUMN_NAMES);
    const hints = near === undefined ? [] : [`did you mean ${near}?`];
    throw usageError(`unknown column "${name}" in --columns`, ...hints, `use these columns: ${MODEL_COLUMN_NAMES.join(', ')}`);
  });
  if (columns.length === 0)
    throw usageError('--columns must be a comma-separated list', `use these columns: ${MODEL_COLUMN_NAMES.join(', ')}`);
  return [...new Set(columns)];
}

export interface ShowOptions extends ListPolicy {
  settings: ConnectionSettings & CatalogueSettings;
  name: string;
  format: TableFormat;
  refresh: boolean;
}

export function parseShow({ words: [name = ''], options, flags, settings }: CommandInput<ShowFlags>): ShowOptions {
  return { settings, name, format: tableFormat(options), refresh: options.refresh === true, ...listPolicy({ flags, settings }) };
}

function listPolicy({ flags, settings }: Pick<CommandInput<ShowFlags>, 'flags' | 'settings'>): ListPolicy {
  return { policy: retentionPolicy(settings), isPolicyTyped: flags['data-policy'] !== undefined };
}

/** Two catalogs to compare, or the list of stored ones. */
export interface DiffOptions {
  settings: ConnectionSettings;
  format: TableFormat;
  isList: boolean;
  words: readonly string[];
  since: string;
}

export function parseDiff({ words, options, settings }: CommandInput<DiffFlags>): DiffOptions {
  const format = tableFormat(options);
  const { since, list } = options;
  if (words.length > 2) throw usageError('models diff compares two catalogs', 'name two times or files: orx models diff A B');
  if (words.length > 0 && since !== undefined) throw usageError('--since cannot be combined with A and B', 'omit --since');
  return { settings, format, isList: list === true, words, since: since ?? DIFF_SINCE };
}

export interface EndpointsOptions extends ShowOptions {
  filter: EndpointFilter;
  sort: EndpointSort | undefined;
  reverse: boolean;
}

export function parseEndpoints({ words: [name = ''], options, flags, settings }: CommandInput<EndpointsFlags>): EndpointsOptions {
  const { zdr, minContext, maxPrice, quantization, sort, reverse, refresh } = options;
  const format = tableFormat(options);
  const prices = maxPrice === undefined ? undefined : pricePair('max-price')(maxPrice);
  return {
    settings,
    name,
    format,
    refresh: refresh === true,
    sort,
    reverse: reverse === true,
    ...listPolicy({ flags, settings }),
    filter: {
      zdr,
      minContext: minContext === undefined ? undefined : parseTokenCount('--min-context', minContext),
      maxPrice: prices && { prompt: decimal(prices.prompt), completion: decimal(prices.completion) },
      quantizations:
        quantization === undefined ? undefined : someOf('--quantization', QUANTIZATIONS).parse(quantization.toLowerCase()),
    },
  };
}
