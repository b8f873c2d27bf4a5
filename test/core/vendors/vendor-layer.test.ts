import { expect, test } from 'vitest';
import { environmentLayer, fileLayer } from '../../../src/core/settings/layers.ts';
import { resolve } from '../../../src/core/settings/resolve.ts';
import { DEFAULTS } from '../../../src/core/settings/layers.ts';
import type { ResolvedSettings } from '../../../src/core/settings/settings.ts';
import { readVendorEntries } from '../../../src/core/vendors/vendor-entry.ts';
import { vendorLayer } from '../../../src/core/vendors/vendor-layer.ts';

function settle(env: Record<string, string>, file: Record<string, unknown> = {}): ResolvedSettings {
  const layers = [environmentLayer(env), fileLayer(file)];
  return resolve([...layers, vendorLayer(layers, () => readVendorEntries(file['vendors']), env), DEFAULTS]);
}

const usual = settle({}).values.model;

test('without a key for OpenRouter the first vendor with a key answers', () => {
  const { values, sources } = settle({ MISTRAL_API_KEY: 'a', ANTHROPIC_API_KEY: 'b' });
  expect([values.model, sources.model.source]).toEqual(['anthropic:claude-sonnet-4-6', 'vendor']);
});

test.each([
  ['a key for OpenRouter', { OPENROUTER_API_KEY: 'sk-or-v1-x' }],
  ['another address in place of OpenRouter', { OPENROUTER_BASE_URL: 'http://localhost:9/api/v1' }],
  ['the sandbox', { ORX_SANDBOX: '1' }],
])('with %s nothing changes', (_, env) => {
  expect(settle({ ANTHROPIC_API_KEY: 'b', ...env })).toMatchObject({
    values: { model: usual },
    sources: { model: { source: 'default' } },
  });
});

test('a model that the user named wins', () => {
  expect(settle({ ANTHROPIC_API_KEY: 'b' }, { model: 'openai/gpt-4o' }).values.model).toBe('openai/gpt-4o');
});

test.each([
  ['no vendor', {}, {}],
  ['a local server that nobody named', {}, { vendors: {} }],
  ['a local server without a default model', { OLLAMA_HOST: ':11434' }, {}],
  ['a stored key for another host', { OPENAI_BASE_URL: 'http://x.example' }, { vendors: { openai: { key: 'k' } } }],
])('%s: the default stays', (_, env, file) => {
  expect(settle(env as Record<string, string>, file).sources.model.source).toBe('default');
});

test('a stored default model counts, also of a local server and of one named like a variant', () => {
  const lab = { vendors: { lab: { baseUrl: 'http://localhost:8000/v1', model: 'free' } } };
  expect(settle({}, lab).values.model).toBe('lab::free');
  expect(settle({ OLLAMA_HOST: ':11434' }, { vendors: { ollama: { model: 'llama3.2:3b' } } }).values.model).toBe(
    'ollama:llama3.2:3b',
  );
  expect(settle({ ANTHROPIC_API_KEY: 'k' }, { vendors: { anthropic: { model: 'claude-opus-4-5' } } }).values.model).toBe(
    'anthropic:claude-opus-4-5',
  );
});

test('an invalid vendor entry is skipped; if no other vendor has a key, the error says why', () => {
  const env = { OPENAI_BASE_URL: 'garbage', OPENAI_API_KEY: 'k' };
  expect(settle({ ...env, ANTHROPIC_API_KEY: 'k' }).values.model).toBe('anthropic:claude-sonnet-4-6');
  const settled = settle(env);
  expect(() => settled.values.model).toThrow(/OPENAI_BASE_URL must be an http or https URL/);
  expect(settle({ OLLAMA_HOST: 'my host' }).values.model).toBe(usual);
});
