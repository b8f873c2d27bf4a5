import { expect, test } from 'vitest';
import { isSameModel } from '../../../src/core/model-id/served-model.ts';
import { decodeCatalogue } from '../../../src/apis/openrouter/decode-catalogue.ts';

const { models } = decodeCatalogue(
  JSON.stringify({
    data: [
      { id: 'z-ai/glm', canonical_slug: 'z-ai/quite-another-name-2026', name: 'x', pricing: {} },
      { id: 'z-ai/glm:free', canonical_slug: 'z-ai/quite-another-name-2026:free', name: 'x', pricing: {} },
      { id: 'openai/gpt-4o', canonical_slug: 'openai/gpt-4o', name: 'x', pricing: {} },
    ],
  }),
);

test.each<[string, string, boolean]>([
  ['deepseek/deepseek-chat', 'deepseek/deepseek-chat', true],
  ['deepseek/deepseek-chat:nitro', 'deepseek/deepseek-chat', true],
  ['deepseek/deepseek-chat', 'deepseek/deepseek-chat:free', true],
  ['anthropic/claude-haiku-4.5', 'anthropic/claude-4.5-haiku-20251001', true],
  ['openai/gpt-5.4-nano', 'openai/gpt-5.4-nano-20260317', true],
  ['qwen/qwen3-coder', 'qwen/qwen3-coder-480b-a35b-07-25', false],
  ['z-ai/glm', 'z-ai/quite-another-name-2026', true],
  ['z-ai/glm:free', 'z-ai/quite-another-name-2026:free', true],
  ['openai/gpt-4o', 'openai/gpt-4o-mini', false],
  ['openai/gpt-4o', 'anthropic/claude-sonnet-4.6', false],
  ['anthropic/claude-sonnet-4', 'anthropic/claude-sonnet-4.6', false],
  ['openrouter/auto', 'openai/gpt-4o', true],
  ['~anthropic/claude-sonnet-latest', 'anthropic/claude-4.6-sonnet-20260217', true],
  ['@preset/mine', 'openai/gpt-4o', true],
  ['openai/gpt-4o', '', true],
  ['openai/gpt-4o', 'openai/gpt-4o-2024-08-06', true],
  ['openai/gpt-4o', 'gpt-4o-2024-08-06', true],
  ['gpt-4o', 'openai/gpt-4o', true],
  ['openai/gpt-4o', 'gpt-4o-mini', false],
])('%s served as %s: %s', (asked, served, expected) => {
  expect(isSameModel(asked, served, models)).toBe(expected);
});

test('without a catalogue the words of the names decide', () => {
  expect(isSameModel('anthropic/claude-haiku-4.5', 'anthropic/claude-4.5-haiku-20251001')).toBe(true);
  expect(isSameModel('z-ai/glm', 'z-ai/quite-another-name-2026')).toBe(false);
});
