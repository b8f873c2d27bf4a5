import { expect, test } from 'vitest';
import { modelFamily } from '../../../src/core/model-id/family.ts';

test.each([
  ['anthropic/claude-sonnet-4.6', 'anthropic/claude'],
  ['anthropic/claude-4.6-sonnet-20260217', 'anthropic/claude'],
  ['~anthropic/claude-sonnet-latest', 'anthropic/claude'],
  ['openai/gpt-4o', 'openai/gpt'],
  ['openai/gpt-4o-mini-2024-07-18', 'openai/gpt'],
  ['openai/gpt-5.6-terra:batch', 'openai/gpt'],
  ['openai/gpt-4@preset/mail', 'openai/gpt'],
  ['openai/o3-mini', 'openai/o'],
  ['qwen/qwen3-coder:free', 'qwen/qwen'],
  ['qwen/qwen-2.5-72b-instruct', 'qwen/qwen'],
  ['Google/Gemini-3-Flash:Online', 'google/gemini'],
  ['google/gemma-4-26b-a4b-it', 'google/gemma'],
  ['deepseek/deepseek-chat-v3.1:free:online', 'deepseek/deepseek'],
  ['openrouter/auto', 'openrouter/auto'],
  ['somebody/01-model', 'somebody/01'],
  ['claude-sonnet', 'claude'],
  ['', ''],
  ['@preset/mail', ''],
])('%s → %s', (id, family) => expect(modelFamily(id)).toBe(family));
