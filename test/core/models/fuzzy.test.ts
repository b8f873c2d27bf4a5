import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { searchModels } from '../../../src/core/models/fuzzy.ts';
import { makeModel } from '../../support/catalogue.ts';

const MODELS = [
  makeModel('openai/gpt-4o-mini', {}, { name: 'OpenAI: GPT-4o-mini' }),
  makeModel('openai/gpt-4o', {}, { name: 'OpenAI: GPT-4o' }),
  makeModel('anthropic/claude-haiku-4.5', {}, { name: 'Anthropic: Claude Haiku 4.5' }),
  makeModel('anthropic/claude-sonnet-4.6', {}, { name: 'Anthropic: Claude Sonnet 4.6' }),
  makeModel('deepseek/deepseek-chat', {}, { name: 'DeepSeek V3' }),
  makeModel('someone/kimi', {}, { name: '月之暗面: Kimi K2' }),
];
const matches = (query: string, options?: { keepOrder: boolean }): string[] =>
  searchModels(MODELS, query, options).map(({ id }) => id.split('/')[1]!);

describe('searchModels', () => {
  test.each([
    ['words in any order', 'son cla', ['claude-sonnet-4.6']],
    ['the author', 'anthropic', ['claude-haiku-4.5', 'claude-sonnet-4.6']],
    ['a word of the name alone', 'v3', ['deepseek-chat']],
    ['without the signs between', 'gpt4o mini', ['gpt-4o-mini']],
    ['a missing letter', 'deepsek', ['deepseek-chat']],
    ['two letters swapped', 'sonent', ['claude-sonnet-4.6']],
    ['a wrong letter', 'haicu', ['claude-haiku-4.5']],
    ['another script', '暗面', ['kimi']],
    ['a word to leave out', 'claude -haiku', ['claude-sonnet-4.6']],
    ['capitals', 'GPT-4O-MINI', ['gpt-4o-mini']],
    ['nothing like it', 'zzzz', []],
  ])('finds %s', (_, query, ids) => {
    expect(matches(query)).toEqual(ids);
  });

  it('returns the best match first, or keeps the order', () => {
    expect(matches('gpt-4o')).toEqual(['gpt-4o', 'gpt-4o-mini']);
    expect(matches('gpt-4o', { keepOrder: true })).toEqual(['gpt-4o-mini', 'gpt-4o']);
  });

  it('returns all for an empty query', () => {
    expect(searchModels(MODELS, '  ')).toBe(MODELS);
  });

  it('accepts any text, and returns each model at most once', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.boolean(), (query, keepOrder) => {
        const models = searchModels(MODELS, query, { keepOrder });
        expect(new Set(models).size).toBe(models.length);
        expect(models.every((model) => MODELS.includes(model))).toBe(true);
      }),
    );
  });
});
