import type { EntryFilter } from '../entry.ts';
import type { Store } from '../store.ts';
import { patternMatcher } from '../../../text/patterns.ts';

/**
 * What a rollup keeps separate, in the order of a cell's values: numbers of labels, 0 for none. The last one is the class of the prompt's size
 * (SIZES).
 */
export const DIMENSIONS = ['model', 'provider', 'vendor', 'command', 'project', 'profile', 'key', 'tag', 'size'] as const;
export type RollupDimension = (typeof DIMENSIONS)[number];

/** Prompt sizes in tokens at which prices of models change, ascending. A longer prompt is in the next class. */
export const SIZES = [
  32_000, 32_768, 64_000, 65_536, 128_000, 131_072, 200_000, 204_800, 256_000, 262_144, 272_000, 512_000, 524_288, 1_000_000,
  1_048_576,
] as const;

/** A kind of rollup: what its cells keep separate. */
export interface Facet {
  dimensions: readonly RollupDimension[];
  /** The first value of its cells is the hour of the span, 0 to 23: only for spans of a day. */
  isHourly: boolean;
}

const PLAIN: readonly (readonly RollupDimension[])[] = [
  [],
  ['model'],
  ['provider'],
  ['vendor'],
  ['command'],
  ['project'],
  ['profile'],
  ['key'],
  ['tag'],
  ['model', 'size'],
  DIMENSIONS,
];
/** All dimensions, for several filters at once. */
export const CUBE = PLAIN.length - 1;

/**
 * Nothing, each dimension alone, model and size for prices, all of them; and all but the last by hour. The number of a facet is stored: new ones
 * come last.
 */
export const FACETS: readonly Facet[] = [
  ...PLAIN.map((dimensions) => ({ dimensions, isHourly: false })),
  ...PLAIN.slice(0, CUBE).map((dimensions) => ({ dimensions, isHourly: true })),
];

/** Returns the number of the smallest facet that has all of these dimensions. */
export function facetFor(wanted: readonly RollupDimension[]): number {
  return PLAIN.findIndex((dimensions) => wanted.every((one) => dimensions.includes(one)));
}

/** Returns the number of the same facet by hour; undefined if there is none. */
export function hourlyFacet(facet: number): number | undefined {
  return facet === CUBE ? undefined : facet + PLAIN.length;
}

/** Returns the class of a prompt: how many of SIZES it exceeds. */
export function sizeClass(promptTokens: number): number {
  let size = 0;
  while (size < SIZES.length && promptTokens > SIZES[size]!) size += 1;
  return size;
}

/** The allowed values of the filtered dimensions. */
export type CellFilter = ReadonlyMap<RollupDimension, ReadonlySet<number>>;

/** Returns a filter for cells; undefined if only entries can tell, because of a conversation or a turn. */
export function cellFilter({ labels }: Store, filter: EntryFilter): CellFilter | undefined {
  const { conversation, turn, model, clientKey, tag } = filter;
  if (conversation !== undefined || turn !== undefined) return undefined;
  const allowed = new Map<RollupDimension, ReadonlySet<number>>();
  for (const name of ['command', 'profile', 'project', 'provider', 'vendor'] as const) {
    const text = filter[name];
    if (text !== undefined) allowed.set(name, new Set([labels.find(text) ?? -1]));
  }
  if (clientKey !== undefined) allowed.set('key', new Set([labels.find(clientKey) ?? -1]));
  if (tag !== undefined) allowed.set('tag', new Set(labels.withTag(tag)));
  if (model !== undefined) allowed.set('model', new Set(labels.matching(patternMatcher(model))));
  return allowed;
}
