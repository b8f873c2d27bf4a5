import { decimal, type Decimal } from '../../decimal.ts';
import type { Pricing, UnitPrices } from '../catalogue.ts';
import { comparableName, undated } from './model-names.ts';

/** An entry of a price table for one model of a vendor. */
export interface TableEntry {
  pricing: Pricing;
  /** Date of the prices, `YYYY-MM-DD`. */
  date: string;
  contextLength?: number | undefined;
  maxCompletionTokens?: number | undefined;
  inputModalities?: readonly string[] | undefined;
  outputModalities?: readonly string[] | undefined;
  supportedParameters?: readonly string[] | undefined;
}

/** Dated prices of vendors' models. */
export interface PriceTable {
  /** Date of the newest prices in it, `YYYY-MM-DD`. */
  date: string;
  entries: readonly { vendor: string; names: readonly string[]; entry: TableEntry }[];
  /** Finds an entry by the vendor's name of the model. A dated name that is not listed matches the name without its date. */
  find: (vendor: string, model: string) => TableEntry | undefined;
}

/** Words of a row that are prices, in USD per million tokens. */
const PRICE_WORDS = {
  in: 'prompt',
  out: 'completion',
  read: 'cacheRead',
  write: 'cacheWrite',
  write1h: 'cacheWrite1h',
  audio: 'audio',
  audio_out: 'audioOutput',
  image_out: 'imageOutput',
} as const satisfies Record<string, keyof UnitPrices>;

const WORDS = new Set([...Object.keys(PRICE_WORDS), 'above', 'context', 'output', 'takes', 'makes', 'can', 'date']);
const ONE_MILLIONTH = '0.000001';

/**
 * Parses a table: `[vendor]` lines, and below each one row per model. A row has the vendor's names of the model, separated by
 * commas, then words `name=value`; prices after `above=N` apply to prompts of more than N tokens. `#` begins a comment. Throws
 * for any other row: the table is part of orx.
 */
export function parsePriceTable(text: string, date: string): PriceTable {
  const entries: { vendor: string; names: readonly string[]; entry: TableEntry }[] = [];
  const index = new Map<string, TableEntry>();
  let vendor = '';
  for (const line of text.split('\n')) {
    const words = line.replace(/#.*/, '').trim().split(/\s+/);
    const [first = ''] = words;
    if (first === '') continue;
    const [, heading] = /^\[([a-z0-9-]+)\]$/.exec(first) ?? [];
    if (heading !== undefined) {
      vendor = heading;
      continue;
    }
    const names = first.split(',');
    const entry = parseRow(words.slice(1), date, line);
    entries.push({ vendor, names, entry });
    for (const name of names) {
      const key = keyOf(vendor, name);
      if (index.has(key)) throw new Error(`two rows of the price table are about ${vendor}:${name}`);
      index.set(key, entry);
    }
  }
  return {
    date,
    entries,
    find: (of, model) => index.get(keyOf(of, model)) ?? index.get(keyOf(of, undated(model))),
  };
}

function parseRow(words: readonly string[], date: string, line: string): TableEntry {
  const pairs = words.map((word) => wordOf(word, line));
  const [listed, ...tiers] = splitTiers(pairs);
  const facts = new Map(pairs);
  const count = (name: string): number | undefined => (facts.has(name) ? Number(facts.get(name)) : undefined);
  const list = (name: string): readonly string[] | undefined => facts.get(name)?.split(',');
  return {
    pricing: {
      ...pricesOf(listed!),
      overrides: tiers.map((tier) => ({ minPromptTokens: Number(new Map(tier).get('above')), prices: pricesOf(tier) })),
    },
    date: facts.get('date') ?? date,
    contextLength: count('context'),
    maxCompletionTokens: count('output'),
    inputModalities: list('takes'),
    outputModalities: list('makes'),
    supportedParameters: list('can'),
  };
}

type Word = readonly [name: string, value: string];

function wordOf(word: string, line: string): Word {
  const [name = '', value = ''] = word.split('=');
  if (!WORDS.has(name) || value === '') throw new Error(`the price table has a row that cannot be read: ${line}`);
  return [name, value];
}

function splitTiers(words: readonly Word[]): readonly Word[][] {
  const parts: Word[][] = [[]];
  for (const word of words) {
    if (word[0] === 'above') parts.push([]);
    parts.at(-1)!.push(word);
  }
  return parts;
}

function pricesOf(words: readonly Word[]): UnitPrices {
  return Object.fromEntries(words.flatMap(([name, value]) => (isPriceWord(name) ? [[PRICE_WORDS[name], perToken(value)]] : [])));
}

function isPriceWord(name: string): name is keyof typeof PRICE_WORDS {
  return name in PRICE_WORDS;
}

/** Converts a price per million tokens to a price per token. */
function perToken(perMillion: string | Decimal): Decimal {
  return decimal(perMillion).times(ONE_MILLIONTH);
}

function keyOf(vendor: string, model: string): string {
  return `${vendor}:${comparableName(model)}`;
}
