import { expect, test } from 'vitest';
import { scopeOf, vendorScope } from '../../../src/core/model-id/catalogue-scope.ts';
import { isSameDirect, routedName, vendorOf } from '../../../src/core/model-id/direct-name.ts';

test.each([
  [undefined, undefined],
  [['anthropic'], { routed: false, vendors: ['anthropic'] }],
  [['openrouter'], { routed: true, vendors: [] }],
  [['anthropic', 'openrouter', 'lab'], { routed: true, vendors: ['anthropic', 'lab'] }],
])('--vendor %j', (names, scope) => {
  expect(vendorScope(names)).toEqual(scope);
});

test.each([
  [
    ['anthropic:a', 'openai:b', 'anthropic:c'],
    { routed: false, vendors: ['anthropic', 'openai'], direct: ['anthropic:a', 'openai:b', 'anthropic:c'] },
  ],
  [['gemini:a'], { routed: false, vendors: ['google'], direct: ['gemini:a'] }],
  [['anthropic:a', 'openai/b'], { routed: true, vendors: ['anthropic'], direct: ['anthropic:a'] }],
  [['openai/b'], { routed: true, vendors: [], direct: [] }],
  [['openai/b', 'sonnet'], { routed: true, vendors: 'in-use' }],
  // Without an author the model may belong to any author.
  [['sonnet'], undefined],
  [['gpt-4o:nitro'], undefined],
])('the catalogue that describes %j', (names, scope) => {
  expect(scopeOf(names)).toEqual(scope);
});

test.each([
  ['anthropic:claude-sonnet-4-6', 'anthropic/claude-sonnet-4-6'],
  ['xai:grok-4', 'x-ai/grok-4'],
  ['together:meta-llama/Llama-3.3', 'meta-llama/Llama-3.3'],
  ['ollama:llama3.2:3b', 'llama3.2:3b'],
  ['openai/gpt-5:nitro', 'openai/gpt-5:nitro'],
])('%s is called %s in a catalogue of all authors', (id, name) => {
  expect(routedName(id)).toBe(name);
});

test('the requested model', () => {
  expect(['gemini:x', 'gpt-4o:nitro', 'a/b:free', 'lab::free'].map(vendorOf)).toEqual(['google', undefined, undefined, 'lab']);
});

const never = (): boolean => false;
test.each([
  ['openai:gpt-5', 'openai:gpt-5', true],
  ['openai:gpt-5', 'anthropic:gpt-5', false],
  ['openai:gpt-5', 'openai/gpt-5', false],
  ['google:gemini-2.5-flash', 'google:models/gemini-2.5-flash', true],
  ['mistral:mistral-small-latest', 'mistral:mistral-small-2603', true],
  ['ollama:llama3.2', 'ollama:llama3.2:latest', true],
  ['ollama:llama3.2:3b', 'ollama:llama3.2:1b', false],
  ['llamacpp:anything', 'llamacpp:/models/x.gguf', true],
  ['openai/gpt-5', 'openai/gpt-5', undefined],
])('%s answered by %s: the same model? %s', (asked, served, same) => {
  expect(isSameDirect(asked, served, never)).toBe(same);
});
