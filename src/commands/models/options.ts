import type { CatalogueSettings } from '../../core/settings/groups.ts';
import type { ModelFilter } from '../../core/models/filter-models.ts';
import type { Benchmark } from '../../core/models/benchmarks.ts';
import { type Blend, parseBlend } from '../../core/models/blend.ts';
import type { ModelSort } from '../../core/models/sorts.ts';
import { parseLimit } from '../../core/settings/parse-count.ts';
import { nearestWord } from '../../core/text/near-names.ts';
import { usageError } from '../../errors.ts';
import { MODEL_COLUMN_NAMES, type ModelColumnName } from '../../output/models/column-names.ts';
import { parseFilter } from '../catalogue/filter-options.ts';
import { withModalities } from '../list-format.ts';
import { MODEL_FORMATS, type ModelFormat } from './flags.ts';
import type { CommandInput } from '../setting-options.ts';

/** What one run of models lists and how. */
export interface ModelsOptions {
  filter: ModelFilter;
  sort: ModelSort;
  reverse: boolean;
  blend: Blend;
  benchmark: Benchmark;
  limit: number | undefined;
  format: ModelFormat;
  /** Undefined: the usual ones, and those that the list is ordered by. */
  columns: readonly ModelColumnName[] | undefined;
  orderedBy: readonly ModelColumnName[];
  /** Nothing was asked for that only a printed list can be: a form, a length, `--static`. */
  mayBeLive: boolean;
  /** Stored ids. */
  favourites: readonly string[] | undefined;
  /** Choosing a model is all it is for. */
  isPick: boolean;
  refresh: boolean;
  offline: boolean;
}

/** Throws a usage error that names the flag. */
export function modelsOptions({ words, options: typed }: CommandInput, settings: CatalogueSettings, now: number): ModelsOptions {
  const options = withModalities(typed);
  const text = (name: string): string | undefined => options[name] as string | undefined;
  const isOn = (name: string): boolean => options[name] === true;
  const format = isOn('json') ? 'json' : formatOf(text('output'));
  const sort = text('sort') as ModelSort;
  const benchmark = text('benchmark') as Benchmark;
  const limit = text('limit');
  const columns = text('columns');
  return {
    filter: parseFilter(words, options, { now, favourites: settings.favourites }),
    sort,
    reverse: isOn('reverse'),
    blend: parseBlend(settings.blend),
    benchmark,
    limit: limit === undefined ? undefined : parseLimit('--limit', limit),
    format,
    columns: columns === undefined ? undefined : parseColumns(columns),
    orderedBy: sortColumns(sort, benchmark),
    mayBeLive: options['output'] === undefined && !isOn('json') && !isOn('static') && limit === undefined,
    favourites: settings.favourites,
    isPick: isOn('pick'),
    refresh: isOn('refresh'),
    offline: isOn('offline'),
  };
}

function formatOf(text = 'table'): ModelFormat {
  const format = MODEL_FORMATS.find((one) => one === text);
  if (format === undefined) throw usageError(`-o takes ${MODEL_FORMATS.join(', ')}, not "${text}"`);
  return format;
}

/** What to show of the figure that a list is ordered by, where the usual columns do not show it. */
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
    const hints = near === undefined ? [] : [`near to it: ${near}`];
    throw usageError(`--columns: there is no column "${name}"`, ...hints, `all columns: ${MODEL_COLUMN_NAMES.join(', ')}`);
  });
  if (columns.length === 0) throw usageError('--columns takes a comma list', `all columns: ${MODEL_COLUMN_NAMES.join(', ')}`);
  return [...new Set(columns)];
}
