import type { Decimal } from '../../decimal.ts';
import type { Price, Pricing, UnitPrices } from '../../apis/catalogue.ts';
import { conditionText, PRICE_NAMES, type PriceName } from './names.ts';

/** A price that changed, in exact USD per single unit. Undefined: there was no price before, or there is none now. */
export interface PriceChange {
  name: PriceName;
  /** The condition under which the price applies, if any: `above 200k tokens`. */
  condition?: string | undefined;
  before: Price | undefined;
  after: Price | undefined;
  /** By how many percent the price rose (negative: fell). Undefined if one of the prices is missing or varies, or the old price was 0. */
  percent?: Decimal | undefined;
}

/** The API listed these as "0" for years and then omitted them: free and unpriced mean the same here. */
const ZERO_IS_NONE: ReadonlySet<PriceName> = new Set(['request', 'image', 'webSearch', 'internalReasoning']);

/** Returns every price that differs: first the listed prices, then the prices under conditions. */
export function diffPrices(before: Pricing, after: Pricing): PriceChange[] {
  const [old, now] = [tiersOf(before), tiersOf(after)];
  const conditions = new Set([...old.keys(), ...now.keys()]);
  return [
    ...diffUnits(before, after, undefined),
    ...[...conditions].flatMap((condition) => diffUnits(old.get(condition) ?? {}, now.get(condition) ?? {}, condition)),
  ];
}

/** Returns by how many percent a price rose (negative: fell). */
export function percentChange(before: Price | undefined, after: Price | undefined): Decimal | undefined {
  if (before === undefined || after === undefined || before === 'varies' || after === 'varies' || before.eq(0)) return undefined;
  return after.minus(before).div(before).times(100);
}

function diffUnits(before: UnitPrices, after: UnitPrices, condition: string | undefined): PriceChange[] {
  return PRICE_NAMES.filter((name) => !isSame(known(before, name), known(after, name))).map((name) => ({
    name,
    condition,
    before: before[name],
    after: after[name],
    percent: percentChange(before[name], after[name]),
  }));
}

function known(prices: UnitPrices, name: PriceName): Price | undefined {
  const price = prices[name];
  return typeof price === 'object' && price.eq(0) && ZERO_IS_NONE.has(name) ? undefined : price;
}

function isSame(a: Price | undefined, b: Price | undefined): boolean {
  return typeof a === 'object' && typeof b === 'object' ? a.eq(b) : a === b;
}

/** Groups prices by the text of their conditions. If two overrides have the same conditions, the later one wins, price by price. */
function tiersOf({ overrides }: Pricing): Map<string, UnitPrices> {
  const tiers = new Map<string, UnitPrices>();
  for (const override of overrides) {
    const condition = conditionText(override);
    tiers.set(condition, { ...tiers.get(condition), ...override.prices });
  }
  return tiers;
}
