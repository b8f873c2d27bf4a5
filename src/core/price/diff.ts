import type { Decimal } from '../../decimal.ts';
import type { Price, Pricing, UnitPrices } from '../../apis/catalogue.ts';
import { conditionText, PRICE_NAMES, type PriceName } from './names.ts';

/** A price that is not what it was. Undefined: there is none. USD per single unit, exact. */
export interface PriceChange {
  name: PriceName;
  /** When it applies, where not always: `above 200k tokens`. */
  condition?: string | undefined;
  before: Price | undefined;
  after: Price | undefined;
  /** By how many percent it rose (or, below 0, fell); undefined where there is nothing to compare, or it was free. */
  percent?: Decimal | undefined;
}

/** Listed as "0" for years, then left out: to be free and not to be priced come to the same. */
const ZERO_IS_NONE: ReadonlySet<PriceName> = new Set(['request', 'image', 'webSearch', 'internalReasoning']);

/** Every price that differs: the listed ones first, then those under conditions. */
export function diffPrices(before: Pricing, after: Pricing): PriceChange[] {
  const [old, now] = [tiersOf(before), tiersOf(after)];
  const conditions = new Set([...old.keys(), ...now.keys()]);
  return [
    ...diffUnits(before, after, undefined),
    ...[...conditions].flatMap((condition) => diffUnits(old.get(condition) ?? {}, now.get(condition) ?? {}, condition)),
  ];
}

/** By how many percent a price rose from one to the other. */
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

/** Prices by their conditions in words; of two with the same conditions the later wins, price by price. */
function tiersOf({ overrides }: Pricing): Map<string, UnitPrices> {
  const tiers = new Map<string, UnitPrices>();
  for (const override of overrides) {
    const condition = conditionText(override);
    tiers.set(condition, { ...tiers.get(condition), ...override.prices });
  }
  return tiers;
}
