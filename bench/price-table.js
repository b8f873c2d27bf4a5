// Prints src/apis/prices/catalogue-table.ts from OpenRouter's public catalogue: the prices of models that only their authors
// sell, which are list prices. Run it with saved replies of https://openrouter.ai/api/v1/models?output_modalities=all, newest
// first:
//
//   node bench/price-table.js DATE=models.json [OLDER-DATE=older.json …] > src/apis/prices/catalogue-table.ts
//
// A model that the newest reply no longer has is taken from an older one, with that date. Read the diff before you commit it.
import { readFileSync } from 'node:fs';

/**
 * An entry of the catalogue, as far as this reads it.
 * @typedef {{
 *   id: string,
 *   pricing: { prompt: string, overrides?: WireTier[] } & Record<string, any>,
 *   hugging_face_id?: string | null,
 *   architecture: { input_modalities: string[], output_modalities: string[] },
 *   top_provider: { max_completion_tokens: number | null },
 *   context_length: number,
 *   supported_parameters: string[],
 *   alias_target?: { slug: string } | null,
 * }} WireModel
 * @typedef {{ min_prompt_tokens?: number, utc_start?: number, utc_days?: string[] } & Record<string, any>} WireTier
 */

/**
 * Vendors by their names in orx, with their author in the catalogue. `aliases`: the vendor has the names of OpenRouter's
 * latest-aliases.
 * @type {{ vendor: string, author: string, name?: (slug: string) => string, aliases?: boolean }[]}
 */
const VENDORS = [
  { vendor: 'openai', author: 'openai' },
  { vendor: 'anthropic', author: 'anthropic', name: (slug) => slug.replaceAll('.', '-') },
  { vendor: 'google', author: 'google', aliases: true },
  { vendor: 'mistral', author: 'mistralai' },
  { vendor: 'xai', author: 'x-ai' },
  { vendor: 'cohere', author: 'cohere' },
];
/** Models of OpenRouter that are a parameter at the vendor: an effort, another speed. */
const VARIANTS = /^o\d-mini-high$|^claude-.*-fast$/;
/**
 * Other names of the same model at a vendor.
 * @type {Record<string, string[]>}
 */
const OTHER_NAMES = {
  'claude-opus-4': ['claude-opus-4-0'],
  'claude-sonnet-4': ['claude-sonnet-4-0'],
  'claude-3.7-sonnet': ['claude-3-7-sonnet-latest'],
  'claude-3.5-haiku': ['claude-3-5-haiku-latest'],
  'mistral-large-2512': ['mistral-large-latest'],
  'mistral-medium-3-5': ['mistral-medium-latest'],
  'mistral-medium-3.1': ['mistral-medium-2508'],
  'mistral-medium-3': ['mistral-medium-2505'],
  'codestral-2508': ['codestral-latest'],
  'devstral-medium': ['devstral-medium-2507'],
  'grok-4': ['grok-4-0709'],
  'grok-4-fast': ['grok-4-fast-reasoning', 'grok-4-fast-non-reasoning'],
  'grok-4.1-fast': ['grok-4.1-fast-reasoning', 'grok-4.1-fast-non-reasoning'],
  'grok-3': ['grok-3-latest'],
  'grok-3-mini': ['grok-3-mini-latest'],
  'grok-code-fast-1': ['grok-code-fast'],
};
/**
 * Words of the table, with their names in the catalogue.
 * @type {[word: string, key: string][]}
 */
const PRICES = [
  ['in', 'prompt'],
  ['out', 'completion'],
  ['read', 'input_cache_read'],
  ['write', 'input_cache_write'],
  ['write1h', 'input_cache_write_1h'],
  ['audio', 'audio'],
  ['audio_out', 'audio_output'],
  ['image_out', 'image_output'],
];
const ABILITIES = ['tools', 'reasoning', 'structured_outputs'];

const catalogues = process.argv.slice(2).map((word) => {
  const [date = '', path = ''] = word.split('=');
  /** @type {WireModel[]} */
  const models = JSON.parse(readFileSync(path, 'utf8')).data;
  return { date, models };
});
const [newest] = catalogues;
if (newest === undefined) throw new Error('usage: node bench/price-table.js DATE=models.json [OLDER-DATE=older.json …]');

const lines = VENDORS.flatMap(({ vendor, author, name = (slug) => slug, aliases = false }) => {
  const rows = new Map();
  for (const { date, models } of catalogues) {
    for (const model of models) {
      const [by, slug = ''] = model.id.split('/');
      if (by !== author || slug.includes(':') || VARIANTS.test(slug) || !isListPrice(model)) continue;
      const latest = aliases
        ? models.flatMap(({ id, alias_target: target }) => (target?.slug === model.id ? id.split('/').slice(1) : []))
        : [];
      if (!rows.has(slug)) rows.set(slug, row([name(slug), ...otherNames(slug), ...latest], model, date));
    }
  }
  return ['', `[${vendor}]`, ...rows.values()];
});
console.log(`// Made by bench/price-table.js. Rows without a date hold on PRICES_DATE.

export const PRICES_DATE = '${newest.date}';

export const CATALOGUE_TABLE = \`${lines.join('\n').trimStart()}
\`;`);

/**
 * Returns whether the price is a list price. Open weights have many providers and are listed at the price of the cheapest one.
 * @param {WireModel} model
 */
function isListPrice({ pricing, hugging_face_id: weights, architecture }) {
  const isText = architecture.output_modalities.some((output) => output === 'text' || output === 'embeddings');
  return isText && !weights && Number(pricing.prompt) > 0;
}

/** @param {string} slug */
function otherNames(slug) {
  return [...(OTHER_NAMES[slug] ?? []), ...(/^gpt-.*-chat$/.test(slug) ? [`${slug}-latest`] : [])];
}

/**
 * @param {string[]} names
 * @param {WireModel} model
 * @param {string} date
 */
function row(names, model, date) {
  const { pricing, architecture, top_provider: limits, supported_parameters: parameters } = model;
  const makes = architecture.output_modalities;
  return [
    names.join(','),
    prices(pricing, model),
    ...(pricing.overrides ?? []).filter(isTier).map((tier) => `above=${tier.min_prompt_tokens} ${prices(tier, model)}`),
    model.context_length > 0 && `context=${model.context_length}`,
    limits.max_completion_tokens && `output=${limits.max_completion_tokens}`,
    `takes=${architecture.input_modalities.toSorted().join(',')}`,
    makes.join() !== 'text' && `makes=${makes.toSorted().join(',')}`,
    makes.includes('text') && can(parameters),
    newest !== undefined && date !== newest.date && `date=${date}`,
  ]
    .filter((word) => word)
    .join(' ');
}

/** @param {WireTier} override */
function isTier(override) {
  return Number.isInteger(override.min_prompt_tokens) && override.utc_start === undefined && override.utc_days === undefined;
}

/** @param {string[]} parameters */
function can(parameters) {
  const known = ABILITIES.filter((ability) => parameters.includes(ability));
  return known.length > 0 && `can=${known.join(',')}`;
}

/**
 * @param {Record<string, any>} pricing
 * @param {WireModel} model
 */
function prices(pricing, { id }) {
  return PRICES.flatMap(([word, key]) => {
    const price = pricing[key];
    // Google's price for a cache write is for storing it for an hour, which a request does not pay.
    const isRent = key === 'input_cache_write' && id.startsWith('google/');
    return price === undefined || isRent || (Number(price) === 0 && word !== 'out') ? [] : [`${word}=${perMillion(price)}`];
  }).join(' ');
}

/**
 * Shifts the decimal point of a decimal text by six places, exactly.
 * @param {string} price
 */
function perMillion(price) {
  const [whole = '', digits = ''] = price.split('.');
  const moved = `${whole}${digits.padEnd(6, '0').slice(0, 6)}`.replace(/^0+(?=\d)/, '');
  const rest = digits.slice(6).replace(/0+$/, '');
  return rest === '' ? moved : `${moved}.${rest}`;
}
