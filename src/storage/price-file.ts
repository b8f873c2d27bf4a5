import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { directId, parseDirectId } from '../apis/direct-id.ts';
import type { Pricing, PricingOverride, UnitPrices } from '../apis/catalogue.ts';
import { parseDecimal, type Decimal } from '../decimal.ts';
import { OrxError, usageError } from '../errors.ts';
import { utf8Text } from '../text/utf8.ts';
import { readFailure } from '../text/file-failure.ts';

const FILE_PRICES = {
  input: 'prompt',
  output: 'completion',
  cache_read: 'cacheRead',
  cache_write: 'cacheWrite',
  cache_write_1h: 'cacheWrite1h',
  reasoning: 'internalReasoning',
} as const satisfies Record<string, keyof UnitPrices>;

const ONE_MILLIONTH = '0.000001';
/** Highest price in USD per million tokens. A higher one is a typo. */
const HIGHEST = 1_000_000;
const LONGEST = 40;
const EXAMPLE = '{"openai:gpt-5": {"input": "1.25", "output": "10", "cache_read": "0.125"}}';

/** Returns the path of the file with the user's own prices of direct models, next to the settings. */
export function priceFilePath(folder: string): string {
  return join(folder, 'prices.json');
}

/**
 * Reads the prices of the user: by the id of a direct model, USD per million tokens as numbers or text, exact. A missing file has none. Throws a
 * usage error that names the file and the invalid entry: costs must not be calculated from a wrong price.
 */
export function readPriceFile(folder: string): ReadonlyMap<string, Pricing> {
  const path = priceFilePath(folder);
  const text = readText(path);
  if (text === undefined) return new Map();
  const prices = new Map<string, Pricing>();
  for (const [name, value] of Object.entries(parseEntries(path, text))) {
    const id = parseDirectId(name);
    if (id === undefined) {
      throw usageError(`${path}: "${name}" is not the id of a direct model`, 'start with the vendor, such as openai:gpt-5');
    }
    prices.set(directId(id), parseEntry(`${path}: ${name}`, value));
  }
  return prices;
}

function readText(path: string): string | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new OrxError(`cannot read the price file ${path} (${readFailure(error)})`, {
      kind: 'usage',
      code: 'file-unusable',
      hints: ['change its permissions, or move it away'],
      cause: error,
    });
  }
  return utf8Text({ name: `the price file ${path}`, path }, bytes);
}

function parseEntries(path: string, text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The error is thrown below.
  }
  if (isRecord(value)) return value;
  throw usageError(`the price file ${path} is not a JSON object`, `write it like this: ${EXAMPLE}`);
}

function parseEntry(place: string, value: unknown): Pricing {
  if (!isRecord(value)) throw usageError(`${place}: the prices must be an object`, `write it like this: ${EXAMPLE}`);
  const { above = [], ...listed } = value;
  if (!Array.isArray(above))
    throw usageError(`${place}: "above" must be a list`, 'write "above": [{"tokens": 200000, "input": 6}]');
  for (const name of ['input', 'output']) {
    if (listed[name] === undefined) throw usageError(`${place}: "${name}" is missing`, `write it like this: ${EXAMPLE}`);
  }
  return { ...parsePrices(place, listed), overrides: above.map((tier: unknown) => parseTier(`${place}, above`, tier)) };
}

/** Parses the prices for prompts of more than a number of tokens. */
function parseTier(place: string, value: unknown): PricingOverride {
  const { tokens, ...prices } = isRecord(value) ? value : {};
  if (typeof tokens !== 'number' || !Number.isSafeInteger(tokens) || tokens < 1) {
    throw usageError(`${place}: "tokens" must be a number of tokens`, 'write "above": [{"tokens": 200000, "input": 6}]');
  }
  return { minPromptTokens: tokens, prices: parsePrices(place, prices) };
}

function parsePrices(place: string, fields: Readonly<Record<string, unknown>>): UnitPrices {
  const prices: UnitPrices = {};
  for (const [name, value] of Object.entries(fields)) {
    if (!isPriceName(name)) {
      throw usageError(`${place}: unknown price "${name}"`, `use ${Object.keys(FILE_PRICES).join(', ')} or above`);
    }
    const price = parsePrice(value);
    if (price === undefined) {
      throw usageError(`${place}: "${name}" is not a price`, 'write USD per million tokens, such as 1.25 or "0.0375"');
    }
    prices[FILE_PRICES[name]] = price.times(ONE_MILLIONTH);
  }
  return prices;
}

function parsePrice(value: unknown): Decimal | undefined {
  if (typeof value === 'string' && value.length > LONGEST) return undefined;
  const price = parseDecimal(value);
  return price === undefined || price.lt(0) || price.gt(HIGHEST) || price.e < -LONGEST ? undefined : price;
}

function isPriceName(name: string): name is keyof typeof FILE_PRICES {
  return Object.hasOwn(FILE_PRICES, name);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
