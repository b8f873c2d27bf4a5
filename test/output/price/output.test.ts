import { describe, expect, test } from 'vitest';
import type { RankedQuote } from '../../../src/core/price/rank-quotes.ts';
import type { PromptCount } from '../../../src/core/price/prompt-count.ts';
import { priceCsv } from '../../../src/output/price/csv.ts';
import { priceJson } from '../../../src/output/price/json.ts';
import { exclusionNotes, priceNote } from '../../../src/output/price/note.ts';
import { priceTable } from '../../../src/output/price/table.ts';
import type { Table } from '../../../src/output/table/table.ts';
import { makeModel, outputs } from '../../support/catalogue.ts';
import { makeEndpoint, quoteAll } from '../../support/quotes.ts';

const rowsOf = (table: Table): string[][] => table.rows.map((row) => row.map(({ text }) => text.trimEnd()));
const headings = (table: Table): string[] => table.columns.map(({ heading }) => heading);

const workload = { promptTokens: 1200, completionTokens: 400 };
const MODELS = [
  makeModel('deepseek/deepseek-chat'),
  makeModel('anthropic/claude', { in: '0.000003', out: '0.000015' }),
  makeModel('a/free', { in: '0', out: '0' }),
  makeModel('openrouter/auto', { in: '-1', out: '-1' }),
  makeModel('a/video', { in: '0', out: '0' }, outputs('video')),
];
const quotes = quoteAll(MODELS, workload);

const ENDPOINTS = [
  makeEndpoint('novita/fp8', { prompt: '0.00000028', completion: '0.00000114' }),
  makeEndpoint('chutes', { prompt: '0.0000002', completion: '0.0000008' }),
  makeEndpoint('novita/bf16', { prompt: '0.000001', completion: '0.000002' }),
];
const ranged = quoteAll([MODELS[0]!], workload, { endpoints: () => ENDPOINTS, routing: { ignore: ['novita/fp8'] } });

describe('at the catalogue’s prices', () => {
  test('the table: every digit, points aligned, models without an amount last', () => {
    const table = priceTable(quotes);
    expect(headings(table)).toEqual(['model', 'cost', '×', 'in', 'out']);
    expect(rowsOf(table)).toEqual([
      ['a/free', 'free', '–', '$0', '$0'],
      ['deepseek/deepseek-chat', '$0.000764', '1.0', '$0.000324', '$0.00044'],
      ['anthropic/claude', '$0.0096', '12.6', '$0.0036', '$0.006'],
      ['a/video', 'not per token', '–', '–', '–'],
      ['openrouter/auto', 'varies', '–', '–', '–'],
    ]);
  });

  test('on a terminal: three digits, and proportional bars, with a full one for the most expensive', () => {
    const table = priceTable(quotes, { short: true });
    const at = headings(table).indexOf('');
    expect(rowsOf(table).map((row) => [row[1], row[at]])).toEqual([
      ['free', ''],
      ['$0.000764', '█'],
      ['$0.00960', '████████████'],
      ['not per token', ''],
      ['varies', ''],
    ]);
  });

  test('each kind of price that applies has a column', () => {
    const model = makeModel(
      'a/b',
      {},
      { pricing: { prompt: '0', completion: '0.000001', request: '0.005', web_search: '0.01' } },
    );
    const table = priceTable(quoteAll([model], { ...workload, searches: 2, reasoningTokens: 100 }));
    expect(headings(table)).toEqual(['model', 'cost', '×', 'in', 'out', 'reasoning', 'request', 'search']);
    expect(rowsOf(table)[0]?.slice(3)).toEqual(['$0', '$0.0003', '$0.0001', '$0.005', '$0.02']);
  });

  test('no tokens cost nothing, which does not make a model free', () => {
    expect(rowsOf(priceTable(quoteAll([makeModel('a/b')], { promptTokens: 0, completionTokens: 0 })))[0]).toContain('$0');
  });

  test('a month', () => {
    const table = priceTable(quotes, { requests: 10_000 });
    expect(headings(table)).toContain('a month');
    expect(rowsOf(table).map((row) => row[2])).toEqual(['free', '$7.64', '$96', '–', '–']);
  });

  test('as data', () => {
    const parts = {
      input: '0.000324',
      output: '0.00044',
      request: '0',
      cache_read: '0',
      cache_write: '0',
      images: '0',
      reasoning: '0',
      search: '0',
    };
    const end = { provider: null, tag: null, cost: '0.000764', parts };
    expect(quotes.map((quote) => priceJson(quote)).filter(({ model }) => model !== 'a/free')).toMatchObject([
      {
        model: 'deepseek/deepseek-chat',
        cost: '0.000764',
        currency: 'USD',
        parts,
        workload: { prompt_tokens: 1200, completion_tokens: 400, counted_with: null, output_from: 'given' },
        varies: false,
        per_token: true,
        multiple: '1',
        prices_from: 'catalogue',
        low: end,
        high: end,
        endpoints: [end],
        excluded: [],
      },
      { model: 'anthropic/claude', cost: '0.0096', multiple: '12.5654' },
      { model: 'a/video', cost: null, parts: null, varies: false, per_token: false, multiple: null, low: null, high: null },
      { model: 'openrouter/auto', cost: null, parts: null, varies: true, per_token: true, multiple: null },
    ]);
  });
});

describe('by endpoints', () => {
  test('the table names the cheapest and the most expensive', () => {
    const table = priceTable(ranged, { requests: 1000 });
    expect(headings(table)).toEqual([
      'model',
      'from',
      'to',
      'month from',
      'month to',
      'cheapest at',
      '×',
      'most expensive at',
      'in',
      'out',
    ]);
    expect(rowsOf(table)).toEqual([
      ['deepseek/deepseek-chat', '$0.00056', '$0.002', '$0.56', '$2', 'CHUTES', '1.0', 'NOVITA', '$0.00024', '$0.00032'],
    ]);
    const all = quoteAll([MODELS[0]!], workload, { endpoints: () => ENDPOINTS });
    expect(rowsOf(priceTable(all))[0]).toContain('novita/bf16');
  });

  test('a model without an allowed endpoint is marked', () => {
    const none = quoteAll([MODELS[0]!], workload, { endpoints: () => ENDPOINTS, routing: { only: ['groq'] } });
    expect(rowsOf(priceTable(none))[0]).toContain('no endpoint');
    expect(exclusionNotes(none)).toEqual([
      { text: 'warning: deepseek/deepseek-chat: 3 of 3 endpoints left out: not in --only (3)', tone: 'warning' },
    ]);
    expect(priceJson(none[0]!)).toMatchObject({ cost: null, varies: false, per_token: true, excluded: [{}, {}, {}] });
    const empty = quoteAll([MODELS[0]!], workload, { endpoints: () => [] });
    expect(exclusionNotes(empty)[0]?.text).toBe('warning: deepseek/deepseek-chat: no endpoint matches');
  });

  test('as data: both ends, all in order, the excluded ones, a month', () => {
    expect(priceJson(ranged[0]!, 3)).toMatchObject({
      cost: '0.00056',
      prices_from: 'endpoints',
      low: { provider: 'CHUTES', tag: 'chutes', cost: '0.00056' },
      high: { provider: 'NOVITA', tag: 'novita/bf16', cost: '0.002' },
      endpoints: [{ tag: 'chutes' }, { tag: 'novita/bf16' }],
      excluded: [{ provider: 'NOVITA', tag: 'novita/fp8', because: 'in --ignore' }],
      month: { requests: 3, low: '0.00168', high: '0.006' },
    });
  });

  test('as CSV', async () => {
    expect((await priceCsv([...ranged, ...quotes.slice(-1)], 3)).split('\n')).toEqual([
      'model,kind,cost_low,cost_high,provider_low,tag_low,provider_high,tag_high,prompt_tokens,image_tokens,completion_tokens,input,cache_read,cache_write,images,output,reasoning,request,search,month_low,month_high',
      'deepseek/deepseek-chat,amount,0.00056,0.002,CHUTES,chutes,NOVITA,novita/bf16,1200,0,400,0.00024,0,0,0,0.00032,0,0,0,0.00168,0.006',
      'openrouter/auto,varies,,,,,,,1200,0,400,,,,,,,,,,',
      '',
    ]);
  });

  test('hostile names are made visible; formulas are not executed', async () => {
    const evil = makeModel('=cmd|x/\u001b[2J');
    const shown = quoteAll([evil], workload, {
      endpoints: () => [makeEndpoint('a', { prompt: '1', completion: '1' }, { provider_name: '\u001b]0;x\u0007' })],
    });
    expect(rowsOf(priceTable(shown)).flat().join('')).not.toMatch(/[\u0000-\u001f]/);
    expect(await priceCsv(shown)).toContain("'=cmd|x/");
    const left = quoteAll([evil], workload, {
      endpoints: () => [makeEndpoint('a', { prompt: '1', completion: '1' }, { quantization: '\u001b[1m' })],
      routing: { quantizations: ['fp8'] },
    });
    expect(exclusionNotes(left)[0]?.text).not.toMatch(/[\u0000-\u001f]/);
  });
});

describe('the line above', () => {
  const facts = { isPromptAssumed: false, ageMs: 38_000 };
  const withWorkload = (...workloads: Partial<RankedQuote['workload']>[]): RankedQuote[] =>
    workloads.map((one, index) => ({ ...quotes[index]!, workload: { ...quotes[index]!.workload, ...one } }));
  const exact: PromptCount = { tokens: 9, countedWith: 'o200k', isExact: true };
  const claude: PromptCount = { tokens: 9, countedWith: 'o200k', isExact: false, margin: { low: 0.9, high: 1.13 } };

  test.each<[string, RankedQuote[], Partial<Parameters<typeof priceNote>[1]>]>([
    ['1,200 tokens in · 400 out · prices 38 s old', withWorkload({}), {}],
    [
      '1,200 tokens in (--in) · 400 out (--out) · prices just fetched',
      withWorkload({ outputFrom: 'default' }),
      { isPromptAssumed: true, ageMs: 0 },
    ],
    ['1,200 tokens in (counted with o200k) · 400 out · prices 38 s old', withWorkload({ counted: exact }), {}],
    [
      "1,200 tokens in (counted with o200k; an estimate for other families than OpenAI's, -10 to +13%) · 400 out · prices 38 s old",
      withWorkload({ counted: exact }, { counted: claude }),
      {},
    ],
    [
      '1,200–1,300 tokens in (counted with o200k and cl100k) · 400 out · prices 38 s old',
      withWorkload({ counted: exact }, { promptTokens: 1300, counted: { ...exact, countedWith: 'cl100k' } }),
      {},
    ],
    [
      '1,200 tokens in (corrected by 38 earlier prompts; an estimate, -17 to +20%) · 412 out (usual for 12 earlier answers) · prices 38 s old',
      withWorkload({
        counted: { tokens: 9, countedWith: 'ledger', isExact: false, samples: 38, margin: { low: 1 / 1.2, high: 1.2 } },
        completionTokens: 412,
        outputFrom: 'ledger',
        outputSamples: 12,
      }),
      {},
    ],
    [
      '1,200 tokens in (too long to count: estimated by its characters; an estimate, -13 to +14%) · 400 out · prices 38 s old',
      withWorkload({ counted: { tokens: 9, countedWith: 'characters', isExact: false, margin: { low: 0.87, high: 1.14 } } }),
      {},
    ],
    [
      '1,200 tokens in · 960 of them from a cache · 1 image (some 765 tokens) · 400 out · 100 of them reasoning · 2 web searches · 10,000 requests a month · prices 38 s old',
      withWorkload({ cachedTokens: 960, images: 1, imageTokens: 765, reasoningTokens: 100, searches: 2 }),
      { requests: 10_000 },
    ],
  ])('%s', (text, of, more) => expect(priceNote(of, { ...facts, ...more })).toBe(text));
});
