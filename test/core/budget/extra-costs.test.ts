import { describe, expect, it, test } from 'vitest';
import { extraCosts, limitSearches, NO_EXTRA, searchCost } from '../../../src/core/budget/extra-costs.ts';
import { decimal } from '../../../src/decimal.ts';
import type { ChatRequest } from '../../../src/apis/completion.ts';
import { userRequest } from '../../support/sandbox.ts';

const request = (fields: Partial<ChatRequest>): ChatRequest => ({ ...userRequest('a/model'), ...fields });
const matches = (fields: Partial<ChatRequest>) => {
  const { searchFee, ...rest } = extraCosts(request(fields));
  return { ...rest, searchFee: searchFee.toFixed() };
};
const SEARCH = { type: 'openrouter:web_search' } as const;
const ONE_SEARCH = { searches: 1, rounds: 1, addedTokens: 10_000, searchFee: '0.02', unbounded: [] };

describe('extraCosts', () => {
  it('finds none in a plain request', () => {
    expect(matches({})).toEqual({ ...NO_EXTRA, searchFee: '0.015' });
    expect(searchCost(NO_EXTRA, decimal('0.01')).toFixed()).toBe('0');
  });

  test.each<[string, Partial<ChatRequest>, object]>([
    [':online', { model: 'a/model:free:online' }, ONE_SEARCH],
    [':online of a fallback', { fallbackModels: ['b/model:online'] }, ONE_SEARCH],
    ['the web plugin', { plugins: [{ id: 'web' }] }, ONE_SEARCH],
    ['the web plugin, passed on unread', { extra: { plugins: [{ id: 'web' }] } }, ONE_SEARCH],
    ['both count once', { model: 'a/model:online', plugins: [{ id: 'web' }] }, ONE_SEARCH],
    ['a plugin that is switched off', { plugins: [{ id: 'web', enabled: false }] }, { searches: 0 }],
    ['search options', { extra: { web_search_options: {} } }, ONE_SEARCH],
    [
      'a plugin with limits',
      { plugins: [{ id: 'web', max_uses: 3, max_results: 10 }] },
      { searches: 3, rounds: 1, addedTokens: 60_000, searchFee: '0.04' },
    ],
    ['plugins that cost nothing', { plugins: [{ id: 'response-healing' }, { id: 'moderation' }] }, { unbounded: [] }],
    ['plugins nobody knows', { plugins: [{ id: 'fusion' }, { id: 'file-parser' }] }, { unbounded: ['fusion', 'file-parser'] }],
    ['the search tool', { tools: [SEARCH] }, { searches: 10, rounds: 11, addedTokens: 1_000_000 }],
    ['its limit', { tools: [{ ...SEARCH, parameters: { max_uses: 2 } }] }, { searches: 2, rounds: 3, addedTokens: 40_000 }],
    ['a limit of all calls', { tools: [SEARCH], maxToolCalls: 1 }, { searches: 1, rounds: 2 }],
    ['an older name of it, passed on', { extra: { tools: [{ type: 'web_search_preview_2025_03_11' }] } }, { searches: 10 }],
    ['a tool that is free', { tools: [{ type: 'openrouter:datetime' }] }, { searches: 0, rounds: 2, unbounded: [] }],
    ['a tool that is not', { tools: [{ type: 'openrouter:image_generation' }] }, { unbounded: ['image_generation'] }],
    ['functions of your own', { tools: [{ type: 'function', name: 'web_search' }] }, { searches: 0, rounds: 1, unbounded: [] }],
  ])('%s', (_, fields, expected) => expect(matches(fields)).toMatchObject(expected));
});

describe('limitSearches', () => {
  it('limits the searches that the model decides on, unless they are already limited', () => {
    expect(limitSearches(request({ tools: [SEARCH] }))).toMatchObject({
      searches: 2,
      request: { tools: [{ ...SEARCH, parameters: { max_uses: 2 } }] },
    });
    for (const fields of [
      {},
      { tools: [{ ...SEARCH, parameters: { max_uses: 7 } }] },
      { tools: [SEARCH], maxToolCalls: 1 },
    ] as Partial<ChatRequest>[]) {
      expect(limitSearches(request(fields))).toEqual({ request: request(fields) });
    }
  });
});

test("a search costs the provider's price, or the API's own price if that is higher", () => {
  const extra = extraCosts(request({ model: 'a/model:online' }));
  expect(searchCost(extra, undefined).toFixed()).toBe('0.02');
  expect(searchCost(extra, decimal('0.01')).toFixed()).toBe('0.02');
  expect(searchCost(extra, decimal('0.03')).toFixed()).toBe('0.03');
});
