import fc from 'fast-check';
import { expect, test } from 'vitest';
import { directId, isDirect, parseDirectId } from '../../src/apis/direct-id.ts';
import { VENDORS } from '../../src/apis/vendors.ts';

test.each([
  ['anthropic:claude-sonnet-4-6', 'anthropic', 'claude-sonnet-4-6'],
  ['gemini:gemini-2.5-flash', 'google', 'gemini-2.5-flash'],
  ['Gemini:models/Gemini-2.5-Flash', 'google', 'models/Gemini-2.5-Flash'],
  ['OpenAI:GPT-5', 'openai', 'GPT-5'],
  ['ollama:llama3.2:3b', 'ollama', 'llama3.2:3b'],
  ['ollama:hf.co/bartowski/Llama-3.2-3B-Instruct-GGUF:Q4_K_M', 'ollama', 'hf.co/bartowski/Llama-3.2-3B-Instruct-GGUF:Q4_K_M'],
  ['together:meta-llama/Llama-3.3-70B-Instruct-Turbo', 'together', 'meta-llama/Llama-3.3-70B-Instruct-Turbo'],
  ['openai:ft:gpt-4o-mini-2024-07-18:acme::abc', 'openai', 'ft:gpt-4o-mini-2024-07-18:acme::abc'],
  // A vendor that orx knows is recognized, whatever its model is called.
  ['deepseek:free', 'deepseek', 'free'],
  ['  anthropic:claude-opus-4-5\n', 'anthropic', 'claude-opus-4-5'],
  ['anthropic: claude-opus-4-5', 'anthropic', 'claude-opus-4-5'],
  // A custom vendor is not known here.
  ['lab:qwen3', 'lab', 'qwen3'],
  ['LAB:Qwen3', 'lab', 'Qwen3'],
  ['free:llama', 'free', 'llama'],
  ['lab:freedom', 'lab', 'freedom'],
  ['lab::free', 'lab', 'free'],
  ['lab::nitro:8b', 'lab', 'nitro:8b'],
  ['openai::free', 'openai', 'free'],
])('%s belongs to its vendor', (text, vendor, model) => {
  expect(parseDirectId(text)).toEqual({ vendor, model });
});

test.each([
  'anthropic/claude-sonnet-4.6',
  'deepseek/deepseek-chat:free',
  'gpt-4o:nitro',
  'gpt-4o:free',
  'gpt-4o:FREE',
  'gpt-4o:free:nitro',
  'gpt-4o:thinking@preset/mine',
  'llama3.2:3b',
  '~anthropic/claude-latest',
  '@preset/mine',
  'anthropic:',
  'anthropic:   ',
  ':claude',
  '1lab:model',
  'two words:model',
  'claude',
  '',
])('%s is not a direct id', (text) => {
  expect(isDirect(text)).toBe(false);
});

const vendorName = fc.oneof(
  fc.constantFrom(...VENDORS.map(({ name }) => name)),
  fc.stringMatching(/^[a-z][a-z0-9-]{0,39}$/).filter((name) => name !== 'gemini'),
);
const modelName = fc.oneof(
  fc.constantFrom('free', 'nitro', 'beta:1', 'thinking@preset/x', ':', '::free', ':free', 'models/x', 'llama3.2:3b'),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }).filter((text) => text.trim() === text),
);

test('parsing reverses directId, whatever the model is called', () => {
  fc.assert(
    fc.property(vendorName, modelName, (vendor, model) => {
      expect(parseDirectId(directId({ vendor, model }))).toEqual({ vendor, model });
    }),
    { numRuns: 2000 },
  );
});

test("a text with a slash before the colon is not read as a vendor's model", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const [colon, slash] = [text.indexOf(':'), text.indexOf('/')];
      expect(isDirect(text) && (colon < 0 || (slash >= 0 && slash < colon))).toBe(false);
    }),
  );
});
