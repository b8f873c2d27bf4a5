import { decimalText, isZero, parseDecimal } from '../../decimal.ts';
import type { Price, Pricing, PricingOverride, UnitPrices } from '../catalogue.ts';
import { asArray, asCount, asObject, type WireObject } from '../wire/wire-value.ts';
import { anyText } from '../../text/any-text.ts';

const WIRE_PRICES = {
  prompt: 'prompt',
  completion: 'completion',
  request: 'request',
  image: 'image',
  audio: 'audio',
  audio_output: 'audioOutput',
  input_audio_cache: 'audioCacheRead',
  image_token: 'imageToken',
  image_output: 'imageOutput',
  web_search: 'webSearch',
  internal_reasoning: 'internalReasoning',
  input_cache_read: 'cacheRead',
  input_cache_write: 'cacheWrite',
  input_cache_write_1h: 'cacheWrite1h',
} as const satisfies Record<string, keyof UnitPrices>;

const CONDITIONS: ReadonlySet<string> = new Set(['min_prompt_tokens', 'utc_start', 'utc_end', 'utc_days']);
const DAYS: ReadonlySet<string> = new Set(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']);
/** The longest price seen has 23 characters. A price of 1e999999 would fill the screen and the memory. */
const LONGEST_PRICE = 64;
const LARGEST_EXPONENT = 20;
const SMALLEST_EXPONENT = -40;

/** Decodes a wire `pricing` object. Decimal text stays exact, negative numbers become `varies`, anything else undefined. */
export function decodePricing(wire: unknown): Pricing {
  const prices = asObject(wire) ?? {};
  return {
    ...decodePrices(prices),
    overrides: asArray(prices['overrides'])
      .map(decodeOverride)
      .filter((one) => one !== undefined),
  };
}

/** Encodes prices in the catalogue's form: USD per unit as exact text, conditions as numbers. Omits hours. */
export function encodePricing({ overrides, ...listed }: Pricing): Record<string, unknown> {
  return {
    ...encodePrices(listed),
    ...(overrides.length > 0 && {
      overrides: overrides.map(({ minPromptTokens, prices }) => ({
        min_prompt_tokens: minPromptTokens,
        ...encodePrices(prices),
      })),
    }),
  };
}

function encodePrices(prices: UnitPrices): Record<string, string> {
  return Object.fromEntries(
    Object.entries(WIRE_PRICES).flatMap(([key, name]) => {
      const price = prices[name];
      return price === undefined ? [] : [[key, price === 'varies' ? '-1' : decimalText(price)]];
    }),
  );
}

const WIRE_NAMES = Object.entries(WIRE_PRICES);

function decodePrices(wire: WireObject): UnitPrices {
  const prices: UnitPrices = {};
  for (const [key, name] of WIRE_NAMES) {
    const price = decodePrice(wire[key]);
    if (price !== undefined) prices[name] = price;
  }
  return prices;
}

function decodePrice(value: unknown): Price | undefined {
  if (typeof value === 'string' && value.length > LONGEST_PRICE) return undefined;
  const price = parseDecimal(value);
  if (price === undefined || price.e > LARGEST_EXPONENT || price.e < SMALLEST_EXPONENT) return undefined;
  return price.s < 0 && !isZero(price) ? 'varies' : price;
}

/** Skips an override with an unknown or invalid condition, because orx cannot decide when it holds. */
function decodeOverride(wire: unknown): PricingOverride | undefined {
  const entry = asObject(wire);
  if (entry === undefined || Object.entries(entry).some(([key, value]) => isUnknownCondition(key, value))) return undefined;
  const minPromptTokens = read(entry['min_prompt_tokens'], asCount);
  const utcStartMinute = read(entry['utc_start'], asMinute);
  const utcEndMinute = read(entry['utc_end'], asMinute);
  const utcDays = read(entry['utc_days'], asDays);
  if (minPromptTokens === null || utcStartMinute === null || utcEndMinute === null || utcDays === null) return undefined;
  return { minPromptTokens, utcStartMinute, utcEndMinute, utcDays, prices: decodePrices(entry) };
}

/** Prices are decimal text, conditions are numbers and lists: an unknown key with text is a price that orx does not use. */
function isUnknownCondition(key: string, value: unknown): boolean {
  if (key in WIRE_PRICES || CONDITIONS.has(key) || value === null) return false;
  return typeof value !== 'string' || parseDecimal(value) === undefined;
}

/** Returns undefined for a missing condition, and null for an invalid one. */
function read<T>(value: unknown, as: (value: unknown) => T | undefined): T | undefined | null {
  return value === undefined || value === null ? undefined : (as(value) ?? null);
}

/** Decodes the API's clock time: 930 is 9:30, 2400 the end of the day. */
function asMinute(value: unknown): number | undefined {
  const clock = asCount(value);
  if (clock === undefined || clock > 2400 || clock % 100 > 59) return undefined;
  return Math.floor(clock / 100) * 60 + (clock % 100);
}

function asDays(value: unknown): readonly string[] | undefined {
  const days = asArray(value).map((day) => anyText(day).toLowerCase());
  return days.length > 0 && days.every((day) => DAYS.has(day)) ? days : undefined;
}
