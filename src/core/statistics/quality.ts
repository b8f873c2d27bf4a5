import type { Interval } from './interval.ts';
import type { NumberSpread } from './quantile.ts';

/** How good the answers of a lane are: by a judge, or by the expectations of a file. */
export interface Quality {
  /** `win-share` and `pass-rate`: from 0 to 1. `score`: from 1 to 10. */
  measure: 'win-share' | 'score' | 'pass-rate';
  estimate: number;
  /** Undefined where there are too few values for one. */
  interval: Interval | undefined;
  /** The values: one for each prompt, or for each repetition of a single prompt. */
  n: number;
  /** Over the repetitions of a single prompt. */
  spread?: NumberSpread | undefined;
  /** The lane that a judge compares all others with. By definition it wins half. */
  isReference?: true | undefined;
}

/** Returns 1 plus the number of intervals that lie above this one, so that intervals that overlap can share a rank. */
export function intervalRank({ upper }: Interval, all: readonly Interval[]): number {
  return 1 + all.filter(({ lower }) => lower > upper).length;
}

/** One item with its quality. */
export interface RankedQuality<Item> {
  item: Item;
  quality: Quality;
  /** Undefined without an interval: an estimate alone ranks nothing. */
  rank: number | undefined;
}

/** Returns the items whose quality is known, best first; those without an interval follow, without a rank. */
export function rankByQuality<Item>(
  items: readonly Item[],
  qualityOf: (item: Item) => Quality | undefined,
): RankedQuality<Item>[] {
  const known = items.flatMap((item) => {
    const quality = qualityOf(item);
    return quality === undefined ? [] : [{ item, quality, bounds: boundsOf(quality) }];
  });
  // The reference alone ranks nothing.
  const measured = known.some(({ quality }) => quality.interval !== undefined);
  const intervals = known.flatMap(({ bounds }) => bounds ?? []);
  return known
    .map(({ item, quality, bounds }) => ({
      item,
      quality,
      rank: bounds === undefined || !measured ? undefined : intervalRank(bounds, intervals),
    }))
    .toSorted(
      (one, other) =>
        (one.rank ?? Number.MAX_SAFE_INTEGER) - (other.rank ?? Number.MAX_SAFE_INTEGER) ||
        other.quality.estimate - one.quality.estimate,
    );
}

/** The share of the reference is known exactly. */
function boundsOf({ interval, isReference, estimate }: Quality): Interval | undefined {
  return interval ?? (isReference === true ? { lower: estimate, upper: estimate } : undefined);
}
