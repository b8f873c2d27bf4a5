import { describe, expect, it } from 'vitest';
import { pastModels } from '../../../src/core/usage/advice.ts';
import { adviseCaching } from '../../../src/core/usage/advise-caching.ts';
import { adviseChanges } from '../../../src/core/usage/advise.ts';
import { cutFor } from '../../../src/core/usage/reprice.ts';
import { decimalText } from '../../../src/decimal.ts';
import type { Endpoint, Model } from '../../../src/apis/catalogue.ts';
import type { LedgerEntry } from '../../../src/storage/ledger/entry.ts';
import { makeModel } from '../../support/catalogue.ts';
import { makeEntry, turnsOf, workloadsOf } from '../../support/ledger-report.ts';

const NOW = Date.parse('2026-11-24T15:30:00Z');
const indices = (intelligence: number, coding: number): Record<string, unknown> => ({
  benchmarks: { artificial_analysis: { intelligence_index: intelligence, coding_index: coding } },
});
const COSTLY = makeModel('a/costly', { in: '0.00001', out: '0' }, indices(40, 30));
const MILLION = 1_000_000;

function use(model: string, count: number, more: Partial<LedgerEntry> = {}): LedgerEntry[] {
  const entry = { servedModel: model, promptTokens: MILLION / 10, cost: '1', ...more };
  return Array.from({ length: count }, () => makeEntry(NOW, entry));
}

function inputOf(entries: readonly LedgerEntry[], models: readonly Model[], endpoints: Record<string, readonly Endpoint[]> = {}) {
  const cut = cutFor(models);
  const past = pastModels(workloadsOf(entries, cut), models);
  return { past, models, endpoints: new Map(Object.entries(endpoints)), providers: providersOf(entries), cut };
}

const providersOf = (entries: readonly LedgerEntry[]) =>
  new Map(
    entries.map(({ servedModel }) => [
      servedModel!,
      new Set(entries.filter((entry) => entry.servedModel === servedModel).flatMap(({ provider }) => provider ?? [])),
    ]),
  );
const told = (advice: ReturnType<typeof adviseChanges>): unknown[] =>
  advice.map(({ model, change, saving, spent }) => [
    model,
    change.kind,
    'to' in change ? change.to : change.tokens,
    decimalText(saving),
    decimalText(spent),
  ]);

function endpoint(tag: string, prompt: string, more: Partial<Endpoint> = {}): Endpoint {
  const { pricing } = makeModel('x/y', { in: prompt, out: '0' });
  return { providerName: tag, tag, pricing, supportedParameters: [], wire: {}, ...more };
}

describe('another model', () => {
  it('is one with good results whose indexes are all at least as high', () => {
    const models = [
      COSTLY,
      makeModel('b/used', { in: '0.000002', out: '0' }),
      makeModel('c/benchmarked', { in: '0.000001', out: '0' }, indices(40, 31)),
      makeModel('d/weaker-at-coding', { in: '0.0000001', out: '0' }, indices(90, 29)),
      makeModel('e/unknown', { in: '0.0000001', out: '0' }),
      makeModel('f/costlier', { in: '0.00002', out: '0' }, indices(99, 99)),
      makeModel('c/benchmarked:free', { in: '0', out: '0' }, indices(99, 99)),
      makeModel('openrouter/auto', { in: '-1', out: '-1' }),
    ];
    const advice = adviseChanges(inputOf([...use('a/costly', 10), ...use('b/used', 5, { cost: '0.2' })], models));
    expect(told(advice)).toEqual([
      ['a/costly', 'model', 'c/benchmarked', '9', '10'],
      ['a/costly', 'model', 'b/used', '8', '10'],
    ]);
    expect(advice.map(({ change }) => 'because' in change && change.because)).toEqual([
      { kind: 'benchmarked', index: 'intelligence', from: 40, to: 40 },
      { kind: 'used', requests: 5, successRate: 1 },
    ]);
  });

  it.each<[string, LedgerEntry[]]>([
    ['was used too seldom', use('b/used', 4)],
    ['failed more often', [...use('b/used', 9), ...use('b/used', 1, { outcome: 'failed' })]],
  ])('is none that %s', (_, entries) => {
    const plain = makeModel('a/costly', { in: '0.00001', out: '0' });
    const models = [plain, makeModel('b/used', { in: '0.000002', out: '0' })];
    const advice = adviseChanges(inputOf([...use('a/costly', 10), ...entries], models));
    expect(advice.filter(({ model }) => model === 'a/costly')).toEqual([]);
  });

  it('is none with a context shorter than the longest prompt, nor the same model under its dated name', () => {
    const models = [
      makeModel('a/costly', { in: '0.00001', out: '0' }, { ...indices(40, 30), canonical_slug: 'a/costly-20260101' }),
      makeModel('c/short', { in: '0.000001', out: '0' }, { ...indices(50, 50), context_length: 32_768 }),
    ];
    expect(adviseChanges(inputOf(use('a/costly-20260101', 10, { cost: '9' }), models))).toEqual([]);
    expect(adviseChanges(inputOf(use('a/costly-20260101', 10, { promptTokens: 32_769 }), models))).toEqual([]);
    expect(told(adviseChanges(inputOf(use('a/costly-20260101', 10, { promptTokens: 32_768 }), models)))).toEqual([
      ['a/costly-20260101', 'model', 'c/short', '9.67232', '10'],
    ]);
  });

  it('is none for models that cost nothing or are no longer listed', () => {
    const models = [makeModel('c/cheap', { in: '0.000001', out: '0' }, indices(50, 50))];
    expect(adviseChanges(inputOf([...use('a/gone', 10), ...use('a/free', 10, { cost: '0' })], models))).toEqual([]);
  });
});

describe('another provider', () => {
  it('is the cheapest healthy one that accepts such prompts', () => {
    const endpoints = {
      'a/costly': [
        endpoint('fine/fp8', '0.000004', { quantization: 'fp8', uptimeLast1d: 99.5, status: 0 }),
        endpoint('held-back', '0.000001', { status: -2 }),
        endpoint('down', '0.000001', { uptimeLast1d: 0 }),
        endpoint('short', '0.000001', { contextLength: 8000 }),
        endpoint('few-prompt-tokens', '0.000001', { maxPromptTokens: 65_536 }),
        endpoint('costlier', '0.00001'),
      ],
    };
    const advice = adviseChanges(inputOf(use('a/costly', 10), [COSTLY], endpoints));
    expect(told(advice)).toEqual([['a/costly', 'provider', 'fine/fp8', '6', '10']]);
    const already = use('a/costly', 10, { provider: 'fine/fp8' });
    expect(adviseChanges(inputOf(already, [COSTLY], endpoints)).map(({ change }) => change)).toEqual([]);
    expect(
      told(adviseChanges(inputOf([...already, ...use('a/costly', 1, { provider: 'other' })], [COSTLY], endpoints))),
    ).toHaveLength(1);
    expect(advice[0]!.change).toMatchObject({ tag: 'fine/fp8', quantization: 'fp8', uptime: 99.5 });
  });
});

describe('a variant', () => {
  it('is the same model sold differently, and cheaper', () => {
    const models = [
      COSTLY,
      makeModel('a/costly:free', { in: '0', out: '0' }),
      makeModel('a/costly:flex', { in: '0.000005', out: '0' }),
      makeModel('a/costly:batch', { in: '0.00002', out: '0' }),
      makeModel('a/costly:thinking', { in: '0.000001', out: '0' }),
      makeModel('a/other:free', { in: '0', out: '0' }),
    ];
    expect(told(adviseChanges(inputOf(use('a/costly', 10), models)))).toEqual([
      ['a/costly', 'variant', 'a/costly:free', '10', '10'],
      ['a/costly', 'variant', 'a/costly:flex', '5', '10'],
    ]);
  });
});

describe('caching', () => {
  const CACHING = makeModel(
    'a/caching',
    {},
    {
      pricing: {
        prompt: '0.00001',
        completion: '0',
        input_cache_read: '0.000001',
        overrides: [{ min_prompt_tokens: 5000, input_cache_read: '0.000002' }],
      },
    },
  );
  const turn = (promptTokens: number, more: Partial<LedgerEntry> = {}): LedgerEntry =>
    makeEntry(NOW, { servedModel: 'a/caching', promptTokens, completionTokens: 100, cost: '0.1', ...more });

  it('saves at most what later turns sent again without a cache hit', () => {
    const entries = [
      turn(1000),
      // 1,100 of these had been sent or answered before.
      turn(2000),
      // 2,100 before, 600 of them already cached.
      turn(3000, { cachedTokens: 600 }),
      // A shorter prompt starts a new group.
      turn(500),
      // Above a limit of the price: 600 at the higher cached price.
      turn(6000),
      // Another conversation, another model, a failure without tokens.
      turn(1000, { conversation: 'c2' }),
      makeEntry(NOW, { servedModel: 'b/uncached', promptTokens: 9000 }),
      makeEntry(NOW, { servedModel: 'b/uncached', promptTokens: 9000 }),
      turn(0),
    ];
    const { past } = inputOf(entries, [CACHING, makeModel('b/uncached')]);
    const [advice, ...others] = adviseCaching(past, turnsOf(entries));
    expect(others).toEqual([]);
    expect(advice!.change).toEqual({ kind: 'caching', tokens: 1100 + 1500 + 600, conversations: 1 });
    // 2,600 × (0.00001 - 0.000001) + 600 × (0.00001 - 0.000002)
    expect(decimalText(advice!.saving)).toBe('0.0282');
  });

  it('has the price of the time of each turn, also if only some prompts have a cached price', () => {
    const overrides = [{ utc_start: 1800, utc_end: 2000, input_cache_read: '0.000004' }];
    const model = makeModel('a/caching', {}, { pricing: { prompt: '0.00001', completion: '0', overrides } });
    const evening = Date.parse('2026-11-24T19:59:59.999Z');
    const entries = [evening - 1, evening, evening + 1].map((at) => turn(1000, { openedAt: at }));
    const [advice] = adviseCaching(inputOf(entries, [model]).past, turnsOf(entries));
    // The third turn is sent when no price for cached tokens applies any more.
    expect(advice!.change).toEqual({ kind: 'caching', tokens: 1000, conversations: 1 });
    expect(decimalText(advice!.saving)).toBe('0.006');
  });
});
