import { expect, test } from 'vitest';
import type { Endpoint } from '../../../src/apis/catalogue.ts';
import { decodeEndpoint } from '../../../src/apis/openrouter/decode-catalogue.ts';
import { passingModels, removalLines, removedProviders } from '../../../src/core/price/removed-providers.ts';

const endpoint = (tag: string, prompt = '0.000001'): Endpoint =>
  decodeEndpoint({ provider_name: tag.toUpperCase(), tag, pricing: { prompt, completion: prompt }, supported_parameters: [] })!;
const WORKLOAD = { promptTokens: 0, completionTokens: 0 };
const LIMIT = { prompt: '2', completion: '2' };

test('each provider has the filter that removes it; what no filter removes, the API has removed', () => {
  const rows = [
    { endpoint: endpoint('keeps'), keepsNothing: false },
    { endpoint: endpoint('dear', '0.001'), keepsNothing: true },
    { endpoint: endpoint('dear/too', '0.001'), keepsNothing: true },
    { endpoint: endpoint('left'), keepsNothing: true },
  ];
  const routing = { zeroDataRetention: true, maxPrice: LIMIT };
  const removed = removedProviders('a/b', rows, { routing, workload: WORKLOAD, parameters: [] });
  expect(removed.find(({ tag }) => tag === 'dear')).toEqual({
    provider: 'DEAR',
    tag: 'dear',
    removedBy: 'above --max-price',
    isExplained: true,
  });
  expect([...removalLines(removed)].sort()).toEqual([
    'dear, dear/too: above --max-price',
    'keeps: no zero data retention (--zdr)',
    'left: settings of the account',
  ]);
  const strict = removedProviders('a/b', rows, {
    routing: { ...routing, dataCollection: 'deny' },
    workload: WORKLOAD,
    parameters: [],
  });
  expect(strict.find(({ tag }) => tag === 'left')?.removedBy).toBe('--data-policy strict, or settings of the account');
});

test('a model passes if one of its endpoints with zero retention passes the other filters', () => {
  const list = [
    { ...endpoint('dear', '0.001'), modelId: 'a/one' },
    { ...endpoint('fine'), modelId: 'a/two' },
    { ...endpoint('fine'), modelId: 'a/two' },
    { ...endpoint('ignored'), modelId: 'a/three' },
  ];
  const routing = { zeroDataRetention: true, maxPrice: LIMIT, ignore: ['ignored'] };
  const question = { routing, workload: WORKLOAD, parameters: [] };
  expect(passingModels(list, question)).toEqual(['a/two']);
  expect(passingModels(list, question, new Set(['FINE']))).toEqual([]);
  const parameters = [['seed']];
  expect(passingModels(list, { ...question, routing: { ...routing, requireParameters: true }, parameters })).toEqual([]);
});
