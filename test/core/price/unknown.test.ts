import { describe, expect, test } from 'vitest';
import { priceBounds } from '../../../src/core/budget/price-bounds.ts';
import { blendedPrice, parseBlend, tokenPrices } from '../../../src/core/models/blend.ts';
import { filterModels } from '../../../src/core/models/filter-models.ts';
import { sortModels } from '../../../src/core/models/sort-models.ts';
import { modelValue } from '../../../src/core/models/value.ts';
import { quote } from '../../../src/core/price/quote.ts';
import { quoteEndpoints } from '../../../src/core/price/quote-range.ts';
import { rankQuotes } from '../../../src/core/price/rank-quotes.ts';
import type { PlannedWorkload } from '../../../src/core/price/plan-workload.ts';
import { reprice } from '../../../src/core/usage/reprice.ts';
import { decimal } from '../../../src/decimal.ts';
import { MODEL_COLUMNS, type ModelView } from '../../../src/output/models/columns.ts';
import { modelFacts } from '../../../src/output/models/facts.ts';
import { priceJson } from '../../../src/output/price/json.ts';
import { priceTable } from '../../../src/output/price/table.ts';
import { whatIfTable } from '../../../src/output/usage/what-if.ts';
import { detailLines } from '../../../src/ui/models/detail.ts';
import { makeModel } from '../../support/catalogue.ts';

const UNKNOWN = makeModel('openai:nobody-knows', {}, { pricing: {}, price_source: 'unknown' });
const LOCAL = makeModel('ollama:llama3.2:3b', { in: '0', out: '0' }, { price_source: 'local' });
const KNOWN = makeModel('openai:gpt-5', {}, { price_source: 'catalogue', price_date: '2026-11-30' });
const ROUTER = makeModel('openrouter/auto', { in: '-1', out: '-1' });
const NOW = new Date('2026-11-30T12:00:00Z');
const WORKLOAD: PlannedWorkload = {
  promptTokens: 1000,
  completionTokens: 100,
  outputFrom: 'given',
} as unknown as PlannedWorkload;
const VIEW: ModelView = { blend: parseBlend('3:1'), benchmark: 'coding' };

const quoted = (...models: readonly (typeof UNKNOWN)[]) =>
  rankQuotes(models.map((model) => ({ model, workload: WORKLOAD, quote: quoteEndpoints(model, undefined, WORKLOAD, {}, NOW) })));

describe('an unknown price', () => {
  test('is neither an amount nor free, wherever one is counted', () => {
    expect(quote(UNKNOWN, WORKLOAD, NOW)).toEqual({ kind: 'unknown' });
    expect([tokenPrices(UNKNOWN), blendedPrice(UNKNOWN, VIEW.blend), modelValue(UNKNOWN, 'coding', VIEW.blend)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    const work = { at: NOW.getTime(), tier: 0, requests: 1, promptTokens: 10, completionTokens: 1 };
    const past = { ...work, cachedTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0 } as never;
    expect(reprice([{ from: -Infinity, model: UNKNOWN }], [past], { sizes: [] })).toEqual({ kind: 'unknown' });
    // A budget cannot reserve an unknown price.
    expect(priceBounds([{ model: UNKNOWN, endpoints: undefined }], 10, NOW)).toBeUndefined();
  });

  test('matches neither --free nor a maximum price, and is sorted last', () => {
    const all = [UNKNOWN, ROUTER, LOCAL, KNOWN];
    const ids = (models: readonly (typeof UNKNOWN)[]): string[] => models.map(({ id }) => id);
    expect(ids(filterModels(all, { free: true }))).toEqual([LOCAL.id]);
    expect(ids(filterModels(all, { maxInputPrice: decimal(1000) }))).toEqual([LOCAL.id, KNOWN.id]);
    const order = [LOCAL.id, KNOWN.id, ROUTER.id, UNKNOWN.id];
    for (const sort of ['price', 'input-price', 'output-price'] as const) expect(ids(sortModels(all, sort))).toEqual(order);
    expect(ids(quoted(...all).map(({ model }) => model))).toEqual(order);
  });

  test('is called unknown in every table, and null for programs', () => {
    const { in: input, out, blend, cached, pricing } = MODEL_COLUMNS;
    const columns = [input, out, blend, cached, pricing];
    expect(columns.map((column) => column.text(UNKNOWN, VIEW))).toEqual(Array.from({ length: 5 }, () => 'unknown'));
    expect(columns.map((column) => column.exact(UNKNOWN, VIEW))).toEqual([null, null, null, null, 'unknown']);
    expect(modelFacts(UNKNOWN, undefined)).toContainEqual({ label: '$ per million', parts: ['unknown'] });
    const detail = detailLines(UNKNOWN, 80, 20).map((line) => line.map(({ text }) => text).join(''));
    expect(detail).toContain('  prices    unknown');
    const [row] = priceTable(quoted(UNKNOWN)).rows;
    expect(row!.map(({ text }) => text)).toContain('unknown');
    expect(priceJson(quoted(UNKNOWN)[0]!)).toMatchObject({ cost: null, unknown: true, varies: false, per_token: true });
    const row2 = {
      id: UNKNOWN.id,
      repriced: { kind: 'unknown' },
      difference: undefined,
      share: undefined,
      hasHistory: false,
    } as const;
    const whatIf = { cost: decimal(1), upstreamCost: decimal(0), requests: 1, rows: [row2] };
    expect(whatIfTable(whatIf).rows[0]!.map(({ text }) => text)).toEqual([UNKNOWN.id, 'unknown', '–', '–']);
  });
});

test('a local model costs nothing, and is marked as local', () => {
  expect([MODEL_COLUMNS.in, MODEL_COLUMNS.out].map((column) => [column.text(LOCAL, VIEW), column.exact(LOCAL, VIEW)])).toEqual([
    ['local', '0'],
    ['local', '0'],
  ]);
  expect(modelFacts(LOCAL, undefined)).toContainEqual({ label: '$ per million', parts: ['local: costs nothing'] });
  expect(quoted(LOCAL)[0]!.quote).toMatchObject({ kind: 'amount' });
});

test('the card of a direct model shows the source of its prices', () => {
  expect(modelFacts(KNOWN, undefined)).toContainEqual({ label: 'prices from', parts: ["OpenRouter's catalog, 2026-11-30"] });
  expect(modelFacts(makeModel('a/b'), undefined).map(({ label }) => label)).not.toContain('prices from');
});
