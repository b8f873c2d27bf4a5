import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { catalogueFilter, filterModels, type ModelFilter } from '../../../src/core/models/filter-models.ts';
import type { MarketFacts } from '../../../src/core/models/market-facts.ts';
import { decimal } from '../../../src/decimal.ts';
import type { Endpoint } from '../../../src/apis/catalogue.ts';
import { decodeEndpoint } from '../../../src/apis/openrouter/decode-catalogue.ts';
import { makeModel } from '../../support/catalogue.ts';

const at = (providerName: string, tag: string, quantization?: string): Endpoint =>
  decodeEndpoint({ provider_name: providerName, tag, quantization })!;
const modalities = (inputs: string[], outputs: string[]) => ({
  architecture: { input_modalities: inputs, output_modalities: outputs },
});

const cheap = makeModel(
  'deepseek/cheap',
  { in: '0.0000001', out: '0.0000004' },
  { created: 1000, context_length: 64_000, supported_parameters: ['tools', 'structured_outputs'] },
);
const eyes = makeModel(
  'openai/eyes',
  { in: '0.000001', out: '0.000002' },
  {
    ...modalities(['text', 'image'], ['text', 'image']),
    created: 2000,
    context_length: 128_000,
    supported_parameters: ['tools', 'reasoning'],
    expiration_date: '2026-09-01',
    pricing: { prompt: '0.000001', completion: '0.000002', input_cache_read: '0.0000001' },
  },
);
const free = makeModel('OpenAI/free:free', { in: '0', out: '0' }, { created: 3000, expiration_date: '2026-12-31' });
const router = makeModel('openrouter/auto', { in: '-1', out: '-1' }, { created: null, context_length: 2_000_000 });
const video = makeModel(
  'google/video',
  { in: '0', out: '0' },
  { ...modalities(['text'], ['video']), context_length: 0, top_provider: null, supported_parameters: null },
);
const newest = makeModel(
  '~openai/eyes-latest',
  {},
  { alias_target: { slug: 'openai/eyes' }, canonical_slug: '~openai/eyes-latest' },
);
const models = [cheap, eyes, free, router, video, newest];

const facts: MarketFacts = {
  endpoints: new Map([
    [cheap.id, [at('DeepInfra', 'deepinfra/fp4', 'fp4'), at('Novita', 'novita/fp8', 'fp8')]],
    [eyes.id, [at('OpenAI', 'openai'), at('Azure', 'azure')]],
    [router.id, []],
  ]),
  zdrModels: new Set(['openai/eyes']),
};

const CASES: readonly [name: string, filter: ModelFilter, ids: string[]][] = [
  ['nothing asked', {}, models.map(({ id }) => id)],
  ['author, in any case', { author: ['openai'] }, ['openai/eyes', 'OpenAI/free:free', '~openai/eyes-latest']],
  ['one of two authors', { author: ['Google', 'deepseek'] }, ['deepseek/cheap', 'google/video']],
  ['free', { free: true }, ['OpenAI/free:free']],
  ['takes all of these', { inputs: ['text', 'IMAGE'] }, ['openai/eyes']],
  ['makes one of these', { outputs: ['image', 'video'] }, ['openai/eyes', 'google/video']],
  ['makes anything', { outputs: ['all'] }, models.map(({ id }) => id)],
  ['all of these parameters', { parameters: ['tools', 'reasoning'] }, ['openai/eyes']],
  ['a price for cached input', { cache: true }, ['openai/eyes']],
  ['context, the limit itself passes', { minContext: 128_000 }, [eyes, free, router, newest].map(({ id }) => id)],
  ['input price, the limit itself passes', { maxInputPrice: decimal('0.1') }, ['deepseek/cheap', 'OpenAI/free:free']],
  ['output price', { maxOutputPrice: decimal('1.9999') }, ['deepseek/cheap', 'OpenAI/free:free', '~openai/eyes-latest']],
  ['since, the second itself passes', { createdSince: 2000 }, [eyes, free, video, newest].map(({ id }) => id)],
  ['gone by a day, that day passes', { expiringBefore: '2026-09-01' }, ['openai/eyes']],
  ['favorites', { favorites: new Set([video.id, 'gone/away']) }, ['google/video']],
  ['provider by name', { provider: ['deepinfra'] }, ['deepseek/cheap']],
  ['provider by tag', { provider: ['NOVITA/FP8'] }, ['deepseek/cheap']],
  ['one of two providers, by slug', { provider: ['azure', 'novita'] }, ['deepseek/cheap', 'openai/eyes']],
  ['quantization', { quantization: ['FP8', 'bf16'] }, ['deepseek/cheap']],
  ['quantization that nobody says', { quantization: ['unknown'] }, ['openai/eyes']],
  ['provider and quantization in one endpoint', { provider: ['deepinfra'], quantization: ['fp4'] }, ['deepseek/cheap']],
  ['provider and quantization in two endpoints', { provider: ['deepinfra'], quantization: ['fp8'] }, []],
  ['zero retention, also of what an alias stands for', { zdr: true }, ['openai/eyes', '~openai/eyes-latest']],
  ['all together', { author: ['openai'], inputs: ['image'], zdr: true, minContext: 1, search: 'EYES' }, ['openai/eyes']],
];

test.each(CASES)('%s', (_, filter, ids) => {
  expect(filterModels(models, filter, facts).map(({ id }) => id)).toEqual(ids);
});

describe('unknown facts', () => {
  test.each<[string, ModelFilter]>([
    ['provider', { provider: ['deepinfra'] }],
    ['quantization', { quantization: ['fp8'] }],
    ['zero retention', { zdr: true }],
  ])('%s does not pass without the facts, and is not evaluated from the catalogue alone', (_, filter) => {
    expect(filterModels(models, filter)).toEqual([]);
    expect(filterModels(models, catalogueFilter({ ...filter, free: true }))).toEqual([free]);
  });
});

test('combined conditions pass the models that each of them passes, in the original order', () => {
  const some = fc.subarray(CASES.map(([, filter]) => filter));
  fc.assert(
    fc.property(some, fc.shuffledSubarray(models), (filters, list) => {
      const keys = filters.flatMap((filter) => Object.keys(filter));
      fc.pre(new Set(keys).size === keys.length);
      // Provider and quantization belong together: one endpoint must have both.
      fc.pre(!(keys.includes('provider') && keys.includes('quantization')));
      const together = filterModels(list, Object.assign({}, ...filters) as ModelFilter, facts);
      const alone = filters.reduce(
        (left, filter) => left.filter((model) => filterModels([model], filter, facts).length > 0),
        list,
      );
      expect(together).toEqual(alone);
    }),
  );
});
