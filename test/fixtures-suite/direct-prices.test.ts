import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Model, Pricing, UnitPrices } from '../../src/apis/catalogue.ts';
import { decodeCatalogue } from '../../src/apis/openrouter/decode-catalogue.ts';
import { bundledPrices } from '../../src/apis/prices/bundled.ts';
import { directModels, type PriceSources } from '../../src/apis/prices/direct-models.ts';
import { parsePriceTable } from '../../src/apis/prices/price-table.ts';
import { VENDORS, type Vendor } from '../../src/apis/vendors.ts';
import { decimalText } from '../../src/decimal.ts';
import { hasRecordings } from '../support/recordings.ts';

const FILE = fileURLToPath(
  new URL('../../../shared/fixtures/openrouter-models/models-all-modalities-2026-08-05.json', import.meta.url),
);
const AUTHORS = (VENDORS as readonly Vendor[]).filter(({ author }) => author !== undefined);
/** The kinds of tokens that a direct answer pays for. */
const PAID = ['prompt', 'completion', 'cacheRead', 'cacheWrite', 'cacheWrite1h'] as const satisfies readonly (keyof UnitPrices)[];

function figures(vendor: string, pricing: Pricing): unknown {
  const units = (prices: UnitPrices): string[] =>
    PAID.map((name) => {
      const price = prices[name];
      // Google's write price is for storage: the table omits it, and a request does not pay it.
      const isPaid = typeof price === 'object' && !(vendor === 'google' && name === 'cacheWrite');
      return isPaid ? decimalText(price) : '–';
    });
  return [units(pricing), pricing.overrides.map(({ minPromptTokens, prices }) => [minPromptTokens, units(prices)])];
}

describe.skipIf(!hasRecordings('openrouter-models'))('prices of direct models and a recorded catalogue', () => {
  // Skipped tests are collected all the same.
  const models = hasRecordings('openrouter-models') ? decodeCatalogue(readFileSync(FILE, 'utf8')).models : [];
  const slugOf = ({ id }: Model): string => id.slice(id.indexOf('/') + 1);
  const ofAuthor = (author: string): readonly Model[] =>
    models.filter(({ id, huggingFaceId }) => id.startsWith(`${author}/`) && !id.includes(':') && huggingFaceId === undefined);

  test.each(AUTHORS)('$name: every row of the bundled table matches the catalogue of its date', ({ name, author }) => {
    const table = bundledPrices();
    const rows = table.entries.filter(({ vendor, entry }) => vendor === name && entry.date === table.date);
    const compared = rows.flatMap(({ names, entry }) => {
      const match = ofAuthor(author!).find((model) => table.find(name, slugOf(model)) === entry);
      return match === undefined
        ? []
        : [{ name: names[0], table: figures(name, entry.pricing), catalogue: figures(name, match.pricing) }];
    });
    for (const { table: ours, catalogue: theirs } of compared) expect(ours).toEqual(theirs);
    // DeepSeek sells open weights, for which the catalogue has the price of the cheapest provider.
    expect(compared.length).toBeGreaterThanOrEqual(name === 'deepseek' ? 0 : 3);
  });

  test.each(AUTHORS)('$name: each model that only this vendor sells has the price of its own entry', (vendor) => {
    const sources: PriceSources = {
      file: new Map(),
      catalogue: { models, fetchedAt: Date.parse('2026-08-06') },
      table: parsePriceTable('', '2026-08-05'),
    };
    const own = ofAuthor(vendor.author!).filter(
      ({ pricing }) => typeof pricing.prompt === 'object' && typeof pricing.completion === 'object',
    );
    const ids = own.map((model) => slugOf(model).replaceAll('.', vendor.name === 'anthropic' ? '-' : '.'));
    const joined = directModels(
      vendor,
      ids.map((id) => ({ id })),
      sources,
    );
    expect(joined.map(({ id, priceSource }) => [id, priceSource])).toEqual(
      ids.map((id) => [`${vendor.name}:${id}`, 'catalogue']),
    );
    expect(joined.map(({ pricing }) => figures('', pricing))).toEqual(own.map(({ pricing }) => figures('', pricing)));
  });

  test("names in vendors' answers lead to the model", () => {
    const sources: PriceSources = {
      file: new Map(),
      catalogue: { models, fetchedAt: Date.parse('2026-08-06') },
      table: bundledPrices(),
    };
    const inputOf = (vendor: Vendor, id: string): string => {
      const { pricing, priceSource } = directModels(vendor, [{ id }], sources)[0]!;
      return `${id} ${typeof pricing.prompt === 'object' ? decimalText(pricing.prompt.times(1e6)) : '?'} ${priceSource}`;
    };
    const named = (name: string): Vendor => (VENDORS as readonly Vendor[]).find((vendor) => vendor.name === name)!;
    expect([
      inputOf(named('anthropic'), 'claude-sonnet-4-5-20250929'),
      inputOf(named('anthropic'), 'claude-sonnet-4-20250514'),
      inputOf(named('anthropic'), 'claude-opus-4-5-20251101'),
      inputOf(named('anthropic'), 'claude-3-haiku-20240307'),
      inputOf(named('openai'), 'gpt-4.1-nano-2025-04-14'),
      inputOf(named('openai'), 'gpt-5.5-2026-04-23'),
      inputOf(named('mistral'), 'mistral-small-latest'),
      inputOf(named('deepseek'), 'deepseek-chat'),
      inputOf(named('xai'), 'grok-4-1-fast-non-reasoning'),
      inputOf(named('cohere'), 'command-a-03-2025'),
      inputOf(named('groq'), 'moonshotai/kimi-k2'),
    ]).toEqual([
      'claude-sonnet-4-5-20250929 3 catalogue',
      'claude-sonnet-4-20250514 3 catalogue',
      'claude-opus-4-5-20251101 5 catalogue',
      'claude-3-haiku-20240307 0.25 catalogue',
      'gpt-4.1-nano-2025-04-14 0.1 catalogue',
      'gpt-5.5-2026-04-23 5 catalogue',
      'mistral-small-latest 0.15 bundled',
      'deepseek-chat 0.14 bundled',
      'grok-4-1-fast-non-reasoning 0.2 bundled',
      'command-a-03-2025 2.5 bundled',
      'moonshotai/kimi-k2 ? unknown',
    ]);
  });
});
