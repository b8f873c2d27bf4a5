import { MOST_LANES, MOST_REQUESTS } from '../../core/compare/most-lanes.ts';
import { parseVariations, type Variation } from '../../core/compare/vary.ts';
import type { Benchmark } from '../../core/models/benchmarks.ts';
import type { ModelFilter } from '../../core/models/filter-models.ts';
import type { ModelSort } from '../../core/models/sorts.ts';
import type { RoutingSettings } from '../../core/settings/groups.ts';
import { parseLimit } from '../../core/settings/parse-count.ts';
import { usageError } from '../../errors.ts';
import { parseFilter } from '../catalogue/filter-options.ts';
import type { LaneFlags } from './lane-flags.ts';

/** Which lanes to compare, before any name is looked up. */
export interface LaneOptions {
  /** Names of models in the order given, without duplicates. */
  names: readonly string[];
  /** Names that were given more than once. */
  repeated: readonly string[];
  /** Models to find by filters; undefined: none. */
  found: FoundModels | undefined;
  /** The providers whose endpoints are compared. Undefined: the API chooses. */
  providers: 'all' | readonly string[] | undefined;
  variations: readonly Variation[];
  /** Answers for each lane, from 1; undefined: one, without a number. */
  repeat: number | undefined;
  /** The lanes answer the prompts of a file. One lane is enough then. */
  isMatrix: boolean;
}

/** Models of the catalog that become lanes. */
export interface FoundModels {
  filter: ModelFilter;
  sort: ModelSort;
  isReversed: boolean;
  benchmark: Benchmark;
  /** Undefined: all that match. */
  count: number | undefined;
}

const NAME_THEM = 'name each model: orx compare "PROMPT" -m deepseek/deepseek-chat -m openai/gpt-4o-mini';

/** Returns the names in the order given, without duplicates, and the duplicates. A name may be a comma-separated list. */
export function namedModels(names: readonly string[]): { models: string[]; repeated: string[] } {
  const named = names.flatMap((list) => list.split(',')).map((model) => model.trim());
  const models = [...new Set(named.filter((model) => model !== ''))];
  return { models, repeated: models.filter((model) => named.indexOf(model) !== named.lastIndexOf(model)) };
}

/** Parses the flags. Throws a usage error if they cannot give at least two answers to compare, or give too many. */
export function parseLanes(
  flags: LaneFlags,
  settings: Pick<RoutingSettings, 'only' | 'zdr' | 'data-policy' | 'quantization'>,
  known: { now: number; favorites: readonly string[] | undefined },
  { isMatrix = false } = {},
): LaneOptions {
  const { models, repeated } = namedModels(flags.model ?? []);
  const found = foundModels(flags, settings, known);
  const providers = flags.providers === undefined ? undefined : parseProviders(flags.providers);
  const variations = parseVariations(flags.vary ?? []);
  const repeat = flags.repeat === undefined ? undefined : parseLimit('--repeat', flags.repeat);
  if (models.length === 0 && found === undefined && !isMatrix) throw usageError('compare needs at least two models', NAME_THEM);
  const values = variations.reduce((product, { values: list }) => product * list.length, 1);
  const isOne = models.length === 1 && found === undefined && providers === undefined;
  if (isOne && !isMatrix && values * (repeat ?? 1) < 2) {
    throw usageError(
      `compare needs at least two models, not only ${models[0]}`,
      NAME_THEM,
      `or compare its providers, values or answers: --providers all, --vary temperature=0,1, --repeat 3`,
    );
  }
  if (providers !== undefined && found !== undefined)
    throw usageError('--providers cannot be combined with --top and filters', 'name the model: -m MODEL --providers all');
  checkLaneCount(models.length * values, isMatrix ? 1 : repeat);
  return { names: models, repeated, found, providers, variations, repeat, isMatrix };
}

/** Throws a usage error if a comparison of this many lanes is too large. */
export function checkLaneCount(lanes: number, repeat = 1): void {
  if (lanes > MOST_LANES)
    throw usageError(
      `compare accepts at most ${MOST_LANES} lanes, not ${lanes}`,
      'use fewer models, providers or values, or several commands',
    );
  if (lanes * repeat > MOST_REQUESTS)
    throw usageError(
      `compare sends at most ${MOST_REQUESTS} requests, not ${lanes} ${lanes === 1 ? 'lane' : 'lanes'} × ${repeat}`,
      'repeat them less often: --repeat 3',
    );
}

function foundModels(
  flags: LaneFlags,
  settings: Pick<RoutingSettings, 'only' | 'zdr' | 'data-policy' | 'quantization'>,
  known: { now: number; favorites: readonly string[] | undefined },
): FoundModels | undefined {
  const { model: _, top, sort, reverse, benchmark, providers: __, vary: ___, repeat: ____, ...filters } = flags;
  const filter = parseFilter([], filters, known);
  const isFiltered = Object.values(filter).some((value) => value !== undefined && value !== false && value !== '');
  if (top === undefined && !isFiltered) {
    if (sort !== undefined || reverse === true)
      throw usageError('--sort and --reverse need --top', 'compare the cheapest models: --top 4 --sort price');
    return undefined;
  }
  return {
    filter: {
      ...filter,
      // An image or an embedding is no answer to compare.
      outputs: filter.outputs ?? ['text'],
      // What the request will require of an endpoint.
      provider: settings.only,
      quantization: settings.quantization,
      zdr: settings.zdr || settings['data-policy'] === 'strict',
    },
    sort: sort ?? 'price',
    isReversed: reverse === true,
    benchmark,
    count: top === undefined ? undefined : parseLimit('--top', top),
  };
}

function parseProviders(text: string): 'all' | readonly string[] {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length === 0) throw usageError('--providers must be all or a comma-separated list of providers');
  return names.some((name) => name.toLowerCase() === 'all') ? 'all' : [...new Set(names)];
}
