import { describe, expect, test } from 'vitest';
import type { Model, Pricing } from '../../../src/apis/catalogue.ts';
import type { ListedModel } from '../../../src/apis/dialect.ts';
import { decodeCatalogue } from '../../../src/apis/openrouter/decode-catalogue.ts';
import { directModels, type PriceSources } from '../../../src/apis/prices/direct-models.ts';
import { parsePriceTable } from '../../../src/apis/prices/price-table.ts';
import { findVendor, type Vendor } from '../../../src/apis/vendors.ts';
import { decimal, decimalText } from '../../../src/decimal.ts';
import { makeModel } from '../../support/catalogue.ts';

const NOTHING: PriceSources = { file: new Map(), table: parsePriceTable('', '2026-08-05') };
const FETCHED = Date.parse('2026-11-30T10:00:00Z');

function vendorOf(name: string, more: Partial<Vendor> = {}): Vendor {
  return { ...findVendor(name)!, ...more };
}

function catalogueOf(...models: Model[]): Pick<PriceSources, 'catalogue'> {
  return { catalogue: { models, fetchedAt: FETCHED } };
}

/** Returns prices per million tokens, input and output, and their source. */
function pricesOf(vendor: string | Vendor, listed: readonly (string | ListedModel)[], sources: Partial<PriceSources>): string[] {
  const models = directModels(
    typeof vendor === 'string' ? vendorOf(vendor) : vendor,
    listed.map((one) => (typeof one === 'string' ? { id: one } : one)),
    { ...NOTHING, ...sources },
  );
  const million = (price: unknown): string => (price === undefined ? '?' : decimalText(decimal(price as never).times(1e6)));
  return models.map(
    ({ id, pricing, priceSource, priceDate }) =>
      `${id} ${million(pricing.prompt)}/${million(pricing.completion)} ${priceSource}${priceDate === undefined ? '' : ` ${priceDate}`}`,
  );
}

const priced = (input: string, output: string): Pricing => ({
  prompt: decimal(input).times('0.000001'),
  completion: decimal(output).times('0.000001'),
  overrides: [],
});

describe('the source of a price', () => {
  const table = parsePriceTable('[openai]\ngpt-x in=4 out=8 context=1000', '2026-08-05');
  const catalogue = catalogueOf(makeModel('openai/gpt-x', { in: '0.000003', out: '0.000006' }));
  const file = new Map([['openai:gpt-x', priced('1', '2')]]);
  const prices = { prompt: decimal('0.000002'), completion: decimal('0.000004') };

  test("is the user, then the vendor's list, then the catalogue, then the table, otherwise unknown", () => {
    expect(pricesOf('openai', [{ id: 'gpt-x', prices }], { table, ...catalogue, file })).toEqual(['openai:gpt-x 1/2 file']);
    expect(pricesOf('openai', [{ id: 'gpt-x', prices }], { table, ...catalogue })).toEqual(['openai:gpt-x 2/4 vendor']);
    expect(pricesOf('openai', ['gpt-x'], { table, ...catalogue })).toEqual(['openai:gpt-x 3/6 catalogue 2026-11-30']);
    expect(pricesOf('openai', ['gpt-x'], { table })).toEqual(['openai:gpt-x 4/8 bundled 2026-08-05']);
    expect(pricesOf('openai', ['gpt-x'], {})).toEqual(['openai:gpt-x ?/? unknown']);
  });

  test('is the table if the stored catalogue is older', () => {
    const old = { catalogue: { ...catalogue.catalogue!, fetchedAt: Date.parse('2026-08-04T23:59:00Z') } };
    expect(pricesOf('openai', ['gpt-x'], { table, ...old })).toEqual(['openai:gpt-x 4/8 bundled 2026-08-05']);
  });

  test('is not a list with only one of the two prices', () => {
    expect(pricesOf('openai', [{ id: 'gpt-x', prices: { prompt: prices.prompt } }], { table })).toEqual([
      'openai:gpt-x 4/8 bundled 2026-08-05',
    ]);
  });

  test('set by the user also applies to a dated name of the same model', () => {
    expect(pricesOf('openai', ['gpt-x-2026-01-02', 'gpt-x-mini'], { file })).toEqual([
      'openai:gpt-x-2026-01-02 1/2 file',
      'openai:gpt-x-mini ?/? unknown',
    ]);
  });

  test('is the user’s own machine for a local server, but not for its cloud', () => {
    const local = ['llama3.2:3b', 'gpt-oss:120b-cloud', 'kimi-k3:cloud'];
    expect(pricesOf('ollama', local, {})).toEqual([
      'ollama:llama3.2:3b 0/0 local',
      'ollama:gpt-oss:120b-cloud ?/? unknown',
      'ollama:kimi-k3:cloud ?/? unknown',
    ]);
    expect(pricesOf(vendorOf('ollama', { baseUrl: 'https://ollama.com/api' }), ['gpt-oss:120b'], {})).toEqual([
      'ollama:gpt-oss:120b ?/? unknown',
    ]);
    expect(pricesOf(vendorOf('ollama', { baseUrl: 'http://ollama.com.lan:11434/api' }), ['x'], {})).toEqual([
      'ollama:x 0/0 local',
    ]);
    expect(pricesOf('vllm', ['x:cloud'], {})).toEqual(['vllm:x:cloud 0/0 local']);
  });
});

describe('a vendor’s name and the catalogue’s', () => {
  const models = [
    makeModel('anthropic/claude-sonnet-4.5', { in: '0.000003' }, { canonical_slug: 'anthropic/claude-4.5-sonnet-20250929' }),
    makeModel('anthropic/claude-sonnet-4', { in: '0.000004' }, { canonical_slug: 'anthropic/claude-4-sonnet-20250522' }),
    makeModel('openai/gpt-4o', { in: '0.0000025' }),
    makeModel('openai/gpt-4o-2024-05-13', { in: '0.000005' }),
    makeModel('openai/gpt-3.5-turbo', { in: '0.0000005' }),
    makeModel('openai/gpt-oss-20b', { in: '0.00000003' }, { hugging_face_id: 'openai/gpt-oss-20b' }),
    makeModel('openai/gpt-oss-20b:free', { in: '0', out: '0' }),
    makeModel('openai/varies', { in: '-1', out: '-1' }),
    makeModel('google/gemini-2.0-flash-001', { in: '0.0000001' }),
    makeModel('google/gemini-3.6-flash', { in: '0.0000015' }),
    makeModel('~google/gemini-flash-latest', { in: '0.0000015' }, { alias_target: { slug: 'google/gemini-3.6-flash' } }),
    makeModel('mistralai/mistral-large-2407', { in: '0.000002' }, { created: 1_720_000_000 }),
    makeModel('mistralai/mistral-large-2512', { in: '0.0000005' }, { created: 1_760_000_000 }),
    makeModel('mistralai/mistral-medium-3-5', { in: '0.0000015' }),
    makeModel('mistralai/mistral-medium-3.1', { in: '0.0000004' }, { created: 1_750_000_000 }),
    makeModel('x-ai/grok-4.5', { in: '0.000002' }),
    makeModel('moonshotai/kimi-k2', { in: '0.0000009' }, { context_length: 262_144 }),
  ];

  test.each([
    ['anthropic', 'claude-sonnet-4-5', '3'],
    ['anthropic', 'claude-sonnet-4-5-20250929', '3'],
    ['anthropic', 'claude-sonnet-4-20250514', '4'],
    ['anthropic', 'claude-sonnet-4-0', '?'],
    ['anthropic', 'claude-sonnet', '?'],
    ['openai', 'gpt-4o', '2.5'],
    ['openai', 'gpt-4o-2024-08-06', '2.5'],
    ['openai', 'gpt-4o-2024-05-13', '5'],
    ['openai', 'gpt-3.5-turbo-1106', '?'],
    ['openai', 'gpt-oss-20b', '?'],
    ['openai', 'varies', '?'],
    ['google', 'gemini-2.0-flash', '0.1'],
    ['google', 'models/gemini-2.0-flash-001', '0.1'],
    ['google', 'gemini-flash-latest', '1.5'],
    ['mistral', 'mistral-large-latest', '0.5'],
    ['mistral', 'mistral-large-2407', '2'],
    ['mistral', 'mistral-medium-latest', '1.5'],
    ['mistral', 'mistral-medium-2508', '?'],
    ['xai', 'grok-4.5', '2'],
    ['xai', 'grok-4-latest', '?'],
    ['groq', 'moonshotai/kimi-k2', '?'],
    ['groq', 'kimi-k2', '?'],
  ])('%s:%s', (vendor, model, price) => {
    const [, input] = / ([\d.?]+)\/[\d.?]+ \w+/.exec(pricesOf(vendor, [model], catalogueOf(...models))[0]!) ?? [];
    expect(input).toBe(price);
  });

  test('a host’s own facts are used, and missing ones come from the catalogue, except its price', () => {
    const [model] = directModels(vendorOf('groq'), [{ id: 'moonshotai/kimi-k2' }], { ...NOTHING, ...catalogueOf(...models) });
    expect(model).toMatchObject({ contextLength: 262_144, priceSource: 'unknown' });
  });
});

test("the list's own facts come first; missing ones come from the catalogue and the table", () => {
  const table = parsePriceTable('[openai]\ngpt-y in=1 out=2 context=5000 output=400 takes=text,image can=tools', '2026-08-05');
  const entry = makeModel(
    'openai/gpt-x',
    {},
    { knowledge_cutoff: '2026-01-31', benchmarks: { artificial_analysis: { coding_index: 40 } } },
  );
  const models = directModels(
    vendorOf('openai'),
    [
      { id: 'gpt-x', contextLength: 9000, created: 1_790_000_000, outputModalities: ['text', 'image'] },
      { id: 'gpt-y' },
      { id: 'text-embedding-9' },
      { id: '' },
      { id: 'gpt-x' },
    ],
    { ...NOTHING, table, ...catalogueOf(entry) },
  );
  expect(models).toMatchObject([
    {
      id: 'openai:gpt-x',
      name: 'openai/gpt-x',
      created: 1_790_000_000,
      contextLength: 9000,
      maxCompletionTokens: 16_384,
      outputModalities: ['text', 'image'],
      knowledgeCutoff: '2026-01-31',
      benchmarks: { coding: 40 },
    },
    {
      id: 'openai:gpt-y',
      contextLength: 5000,
      maxCompletionTokens: 400,
      inputModalities: ['text', 'image'],
      outputModalities: ['text'],
      supportedParameters: ['tools'],
    },
    { id: 'openai:text-embedding-9', outputModalities: ['embeddings'] },
  ]);
  expect(models[0]!.wire).toMatchObject({ vendor: 'openai', price_source: 'catalogue', price_date: '2026-11-30' });
});

test('the wire objects are a catalogue that decodes to the same models', () => {
  const tiered = makeModel(
    'openai/gpt-x',
    {},
    {
      pricing: { prompt: '0.000001', completion: '0.000002', overrides: [{ min_prompt_tokens: 272_000, prompt: '0.000002' }] },
    },
  );
  const table = parsePriceTable('[openai]\ngpt-y in=1 out=2 read=0.1 above=9 in=3 out=4', '2026-08-05');
  const models = directModels(vendorOf('openai'), [{ id: 'gpt-x' }, { id: 'gpt-y' }, { id: 'nobody-knows' }], {
    ...NOTHING,
    table,
    ...catalogueOf(tiered),
  });
  expect(models.map(({ pricing }) => pricing.overrides.length)).toEqual([1, 1, 0]);
  const body = JSON.stringify({ data: models.map(({ wire }) => wire) });
  expect(JSON.stringify(decodeCatalogue(body).models)).toBe(JSON.stringify(models));
});
