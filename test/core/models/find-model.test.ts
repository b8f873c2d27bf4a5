import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findModel, findModels, resolveModel } from '../../../src/core/models/find-model.ts';
import { entryName, isCompleteName, parseModelName } from '../../../src/core/model-id/name.ts';
import { editDistance, nearNames } from '../../../src/core/text/near-names.ts';
import { OrxError } from '../../../src/errors.ts';
import { makeModel } from '../../support/catalogue.ts';

const models = [
  makeModel('deepseek/deepseek-chat', {}, { canonical_slug: 'deepseek/deepseek-chat-2024' }),
  makeModel('deepseek/deepseek-chat:free', {}, { canonical_slug: 'deepseek/deepseek-chat-2024' }),
  makeModel('~deepseek/deepseek-latest', {}, { canonical_slug: 'deepseek/deepseek-chat-2024' }),
  makeModel('openai/gpt-4'),
  makeModel('openai/gpt-4o'),
  makeModel('openai/gpt-4o-mini'),
  makeModel('anthropic/claude-sonnet-4.5'),
  makeModel('anthropic/claude-opus-4.5'),
  makeModel('first/same'),
  makeModel('second/same'),
];

describe('findModel', () => {
  test.each([
    ['deepseek/deepseek-chat', 'deepseek/deepseek-chat'],
    [' DeepSeek/DeepSeek-Chat ', 'deepseek/deepseek-chat'],
    ['deepseek/deepseek-chat:free', 'deepseek/deepseek-chat:free'],
    ['deepseek/deepseek-chat-2024', 'deepseek/deepseek-chat'],
    ['deepseek-chat', 'deepseek/deepseek-chat'],
    ['gpt-4', 'openai/gpt-4'],
    ['gpt-4o', 'openai/gpt-4o'],
    ['sonnet', 'anthropic/claude-sonnet-4.5'],
    ['4o-MINI', 'openai/gpt-4o-mini'],
    ['claude', undefined],
    ['same', undefined],
    ['anthropic', undefined],
    ['openai/gpt-4o-min', undefined],
    ['', undefined],
    ['  ', undefined],
    ['nothing', undefined],
  ])('%j → %s', (text, id) => {
    expect(findModel(text, models)?.id).toBe(id);
  });
});

describe('resolveModel', () => {
  const market = [
    ...models,
    makeModel('~anthropic/claude-sonnet-latest', {}, { alias_target: { slug: 'anthropic/claude-sonnet-4.5' } }),
    makeModel('openai/gpt-chat-latest'),
    makeModel('openrouter/auto', { in: '-1', out: '-1' }),
    makeModel('qwen/qwen3-coder'),
    makeModel('qwen/qwen3-coder:free', { in: '0', out: '0' }),
    makeModel('qwen/qwen3-coder:exacto'),
    makeModel('z-ai/glm-4.6:thinking'),
    makeModel('odd/name:v2'),
  ];
  const aliases = {
    fast: 'deepseek/deepseek-chat',
    coder: 'qwen3-coder:free',
    mine: 'gpt-4o@preset/mine',
    broken: 'nothing-like-it',
  };

  test.each([
    ['fast', 'deepseek/deepseek-chat', 'deepseek/deepseek-chat'],
    ['FAST', 'deepseek/deepseek-chat', 'deepseek/deepseek-chat'],
    ['fast:nitro', 'deepseek/deepseek-chat:nitro', 'deepseek/deepseek-chat'],
    ['fast:free', 'deepseek/deepseek-chat:free', 'deepseek/deepseek-chat:free'],
    ['coder', 'qwen/qwen3-coder:free', 'qwen/qwen3-coder:free'],
    ['mine', 'openai/gpt-4o@preset/mine', 'openai/gpt-4o'],
    ['fast@preset/mail', 'deepseek/deepseek-chat@preset/mail', 'deepseek/deepseek-chat'],
    ['broken', undefined, undefined],
    ['sonnet:online', 'anthropic/claude-sonnet-4.5:online', 'anthropic/claude-sonnet-4.5'],
    ['openai/gpt-4o:floor', 'openai/gpt-4o:floor', 'openai/gpt-4o'],
    ['qwen3-coder', 'qwen/qwen3-coder', 'qwen/qwen3-coder'],
    ['3-coder', 'qwen/qwen3-coder', 'qwen/qwen3-coder'],
    ['3-coder:free', 'qwen/qwen3-coder:free', 'qwen/qwen3-coder:free'],
    ['3-coder:free:online', 'qwen/qwen3-coder:free:online', 'qwen/qwen3-coder:free'],
    ['3-coder:online:FREE', 'qwen/qwen3-coder:free:online', 'qwen/qwen3-coder:free'],
    ['qwen/qwen3-coder:exacto', 'qwen/qwen3-coder:exacto', 'qwen/qwen3-coder:exacto'],
    ['glm-4.6:thinking', 'z-ai/glm-4.6:thinking', 'z-ai/glm-4.6:thinking'],
    ['openai/gpt-4o:extended', undefined, undefined],
    ['name:v2', 'odd/name:v2', 'odd/name:v2'],
    ['~anthropic/claude-sonnet-latest', '~anthropic/claude-sonnet-latest', '~anthropic/claude-sonnet-latest'],
    ['anthropic/claude-sonnet-latest', '~anthropic/claude-sonnet-latest', '~anthropic/claude-sonnet-latest'],
    ['anthropic/claude-sonnet@latest', '~anthropic/claude-sonnet-latest', '~anthropic/claude-sonnet-latest'],
    ['sonnet@latest:nitro', '~anthropic/claude-sonnet-latest:nitro', '~anthropic/claude-sonnet-latest'],
    ['claude-sonnet@latest', '~anthropic/claude-sonnet-latest', '~anthropic/claude-sonnet-latest'],
    ['openai/gpt-chat-latest', 'openai/gpt-chat-latest', 'openai/gpt-chat-latest'],
    ['auto', 'openrouter/auto', 'openrouter/auto'],
    ['@preset/mail', '@preset/mail', undefined],
    ['sonnet@preset/mail', 'anthropic/claude-sonnet-4.5@preset/mail', 'anthropic/claude-sonnet-4.5'],
    [':free', undefined, undefined],
    ['toString', undefined, undefined],
  ])('%j → %s', (text, id, entry) => {
    const match = resolveModel(text, market, aliases);
    expect([match?.id, match?.model?.id]).toEqual([id, entry]);
  });

  test.each([
    ['deepseek/deepseek-chat', true],
    ['~openai/gpt-latest', true],
    ['a/b:free:nitro@preset/x', true],
    ['@preset/x', true],
    ['deepseek-chat', false],
    ['deepseek-chat@preset/x', false],
    ['a/b/c', false],
    ['a/b@latest', false],
    ['/b', false],
    ['a/', false],
    ['', false],
  ])('isCompleteName %j: %s', (text, isComplete) => {
    expect(isCompleteName(parseModelName(text))).toBe(isComplete);
  });

  test('every id of a catalogue stands for itself, in any case', () => {
    for (const model of market) {
      expect(resolveModel(model.id, market)).toEqual({ id: model.id, model });
      expect(resolveModel(` ${model.id.toUpperCase()} `, market)).toEqual({ id: model.id, model });
      expect(entryName(`${model.id}:online@preset/x`)).toBe(model.id.replace(':exacto', ''));
    }
  });
});

describe('findModels', () => {
  function failure(...texts: string[]): OrxError {
    try {
      findModels(texts, models);
    } catch (error) {
      if (error instanceof OrxError) return error;
    }
    throw new Error('it found them');
  }

  test('returns each model once, in the order named', () => {
    const matches = findModels(['sonnet', 'gpt-4', 'openai/gpt-4', 'anthropic/claude-sonnet-4.5'], models);
    expect(matches.map(({ id }) => id)).toEqual(['anthropic/claude-sonnet-4.5', 'openai/gpt-4']);
  });

  test('an unknown name gets the three nearest names', () => {
    const { kind, message, hints } = failure('openai/gpt-4p');
    expect({ kind, message }).toEqual({ kind: 'no-endpoint', message: 'unknown or ambiguous model: "openai/gpt-4p"' });
    expect(hints).toEqual([
      'did you mean openai/gpt-4o, openai/gpt-4, openai/gpt-4o-mini?',
      'search the models: orx models WORDS',
    ]);
  });

  test('all unknown names are reported at once, each once, with the nearest of each', () => {
    const { message, hints } = failure('sonnett', 'gpt-4', 'deepseek-chad', 'sonnett', 'qqqqqqqqqqqqqqqqqqqqqqqq');
    expect(message).toBe('unknown or ambiguous model: "sonnett", "deepseek-chad", "qqqqqqqqqqqqqqqqqqqqqqqq"');
    expect(hints[0]).toContain('deepseek-chad → deepseek/deepseek-chat');
    expect(hints[0]).not.toContain('qqq');
  });

  test('without a near name no names are offered', () => {
    expect(failure('qqqqqqqqqqqqqqqqqqqqqqqq').hints).toEqual(['search the models: orx models WORDS']);
  });
});

describe('nearNames', () => {
  test.each([
    ['deepsek/deepseek-chat', 'deepseek/deepseek-chat'],
    ['claude-sonet-4.5', 'anthropic/claude-sonnet-4.5'],
    ['antropic/claude-opus-4.5', 'anthropic/claude-opus-4.5'],
    ['gtp-4o', 'openai/gpt-4o'],
    ['opus', 'anthropic/claude-opus-4.5'],
    ['wrongauthor/gpt-4o-mini', 'openai/gpt-4o-mini'],
  ])('%s → %s first', (text, id) => {
    expect(nearNames(text, models)[0]).toBe(id);
  });

  test('keeps to its limit, also with a text of any length', () => {
    expect(nearNames('e', models, 2)).toHaveLength(2);
    expect(nearNames('x'.repeat(1_000_000), models)).toEqual([]);
    expect(nearNames('', models)).toEqual([]);
  });
});

describe('editDistance', () => {
  test.each([
    ['', '', 0],
    ['', 'abc', 3],
    ['kitten', 'sitting', 3],
    ['gtp', 'gpt', 1],
    ['abcd', 'acbd', 1],
    ['abc', 'abc', 0],
  ])('%j, %j: %i', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
  });

  test('is symmetric, 0 only for the same text, and no more than the longer text', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        const distance = editDistance(a, b);
        expect(distance).toBe(editDistance(b, a));
        expect(distance === 0).toBe(a === b);
        expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
        expect(distance).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
      }),
    );
  });
});
