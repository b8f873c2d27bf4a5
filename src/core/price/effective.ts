import type { Pricing, PricingOverride, UnitPrices } from '../../apis/catalogue.ts';

export interface PricingConditions {
  promptTokens: number;
  at: Date;
}

const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;

/**
 * Returns the unit prices for a prompt of this size at this moment. Every override whose conditions all hold replaces the listed prices, later
 * overrides win, price by price. Source of the rule: the API's pricing schema.
 */
export function effectivePricing(pricing: Pricing, conditions: PricingConditions): UnitPrices {
  if (pricing.overrides.length === 0) return pricing;
  const { overrides, ...listed } = pricing;
  return Object.assign({}, listed, ...overrides.filter((one) => holds(one, conditions)).map((one) => one.prices)) as UnitPrices;
}

function holds(override: PricingOverride, { promptTokens, at }: PricingConditions): boolean {
  if (override.minPromptTokens !== undefined && promptTokens <= override.minPromptTokens) return false;
  if (override.utcDays !== undefined && !override.utcDays.includes(DAYS[at.getUTCDay()]!)) return false;
  return isWithin(at.getUTCHours() * 60 + at.getUTCMinutes(), override.utcStartMinute ?? 0, override.utcEndMinute ?? 24 * 60);
}

/** The range is half-open. A window that ends before it starts wraps around midnight; one that ends where it starts is the whole day. */
function isWithin(minute: number, start: number, end: number): boolean {
  return start < end ? minute >= start && minute < end : minute >= start || minute < end;
}
