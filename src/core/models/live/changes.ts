import type { Model } from '../../../apis/catalogue.ts';
import { type Blend, weightedPrice } from '../blend.ts';

/** What a refresh changed in the table. */
export interface LiveChanges {
  /** Ids. */
  added: ReadonlySet<string>;
  gone: readonly string[];
  repriced: ReadonlyMap<string, RowPriceChange>;
}

/**
 * A change of price. `percent`: change of the blended price, rounded, negative if it fell; undefined if there is no price to compare, or if only
 * other prices changed.
 */
export interface RowPriceChange {
  percent: number | undefined;
}

export const NO_CHANGES: LiveChanges = { added: new Set(), gone: [], repriced: new Map() };

export function liveChanges(before: readonly Model[], after: readonly Model[], blend: Blend): LiveChanges {
  const old = new Map(before.map((model) => [model.id, model]));
  const ids = new Set(after.map(({ id }) => id));
  const repriced = after.flatMap((model): [string, RowPriceChange][] => {
    const was = old.get(model.id);
    if (was === undefined || JSON.stringify(was.pricing) === JSON.stringify(model.pricing)) return [];
    return [[model.id, { percent: percentBetween(was, model, blend) }]];
  });
  return {
    added: new Set([...ids].filter((id) => !old.has(id))),
    gone: [...old.keys()].filter((id) => !ids.has(id)),
    repriced: new Map(repriced),
  };
}

export function isUnchanged({ added, gone, repriced }: LiveChanges): boolean {
  return added.size === 0 && gone.length === 0 && repriced.size === 0;
}

function percentBetween(was: Model, is: Model, blend: Blend): number | undefined {
  const [before, after] = [weightedPrice(was, blend), weightedPrice(is, blend)];
  if (before === undefined || after === undefined || before.eq(0) || before.eq(after)) return undefined;
  return Number(after.div(before).minus(1).times(100).toFixed(0));
}
