import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decimal, decimalText } from '../../src/decimal.ts';
import { OrxError } from '../../src/errors.ts';
import { priceFilePath, readPriceFile } from '../../src/storage/price-file.ts';
import { tempFolder } from '../support/temp-home.ts';

function folderWith(content: unknown): string {
  const folder = tempFolder();
  writeFileSync(priceFilePath(folder), typeof content === 'string' ? content : JSON.stringify(content));
  return folder;
}

test('a folder without the file has no prices', () => {
  const folder = tempFolder();
  expect(readPriceFile(folder).size).toBe(0);
  expect(readPriceFile(join(folder, 'missing')).size).toBe(0);
});

test('prices per million become prices per token, to the last digit, and an alias is the vendor’s own name', () => {
  const prices = readPriceFile(
    folderWith({
      'openai:gpt-5': { input: '1.25', output: 10, cache_read: '0.125', cache_write_1h: '2.5' },
      'Gemini:gemini-2.5-pro': {
        input: 1.25,
        output: '10',
        above: [{ tokens: 200_000, input: '2.5', output: 15 }],
      },
      'mine:some/model:v1': { input: 0, output: '0.000000000001' },
    }),
  );
  expect([...prices.keys()]).toEqual(['openai:gpt-5', 'google:gemini-2.5-pro', 'mine:some/model:v1']);
  const { overrides, ...gpt } = prices.get('openai:gpt-5')!;
  expect(overrides).toEqual([]);
  expect(Object.fromEntries(Object.entries(gpt).map(([name, price]) => [name, decimalText(price as never)]))).toEqual({
    prompt: '0.00000125',
    completion: '0.00001',
    cacheRead: '0.000000125',
    cacheWrite1h: '0.0000025',
  });
  const [tier] = prices.get('google:gemini-2.5-pro')!.overrides;
  expect([tier!.minPromptTokens, decimalText(tier!.prices.completion as never)]).toEqual([200_000, '0.000015']);
  expect(decimalText(prices.get('mine:some/model:v1')!.completion as never)).toBe('0.000000000000000001');
});

test('any amount is preserved exactly, as a number and as text', () => {
  const folder = tempFolder();
  fc.assert(
    fc.property(fc.nat(999_999), fc.nat(999_999), (whole, digits) => {
      const amount = `${whole}.${String(digits).padStart(6, '0')}`;
      writeFileSync(priceFilePath(folder), `{"openai:x": {"input": ${amount}, "output": "${amount}"}}`);
      const { prompt, completion } = readPriceFile(folder).get('openai:x')!;
      expect([prompt, completion].map((price) => decimalText((price as never as ReturnType<typeof decimal>).times(1e6)))).toEqual(
        [decimalText(decimal(amount)), decimalText(decimal(amount))],
      );
    }),
    { numRuns: 50 },
  );
});

describe('an invalid file is named, with its entry', () => {
  test.each([
    ['no JSON', '{', 'is not a JSON object'],
    ['a list', [], 'is not a JSON object'],
    ['an id of OpenRouter', { 'openai/gpt-5': { input: 1, output: 2 } }, '"openai/gpt-5" is not the id of a direct model'],
    ['no object', { 'openai:gpt-5': 3 }, 'openai:gpt-5: the prices must be an object'],
    ['half a price', { 'openai:gpt-5': { input: 1 } }, 'openai:gpt-5: "output" is missing'],
    ['a typo', { 'openai:gpt-5': { input: 1, output: 2, cached: 3 } }, 'openai:gpt-5: unknown price "cached"'],
    ['words', { 'openai:gpt-5': { input: 'cheap', output: 2 } }, 'openai:gpt-5: "input" is not a price'],
    ['less than nothing', { 'openai:gpt-5': { input: -1, output: 2 } }, 'openai:gpt-5: "input" is not a price'],
    ['a fortune', { 'openai:gpt-5': { input: '1e99999', output: 2 } }, 'openai:gpt-5: "input" is not a price'],
    ['next to nothing', { 'openai:gpt-5': { input: '1e-99999', output: 2 } }, 'openai:gpt-5: "input" is not a price'],
    ['null', { 'openai:gpt-5': { input: null, output: 2 } }, 'openai:gpt-5: "input" is not a price'],
    ['no tier', { 'openai:gpt-5': { input: 1, output: 2, above: [{ input: 3 }] } }, 'openai:gpt-5, above: "tokens" must be'],
    ['no tiers', { 'openai:gpt-5': { input: 1, output: 2, above: 200_000 } }, 'openai:gpt-5: "above" must be a list'],
    ['a prototype', '{"openai:gpt-5": {"input": 1, "output": 2, "__proto__": 3}}', 'openai:gpt-5: unknown price "__proto__"'],
  ])('%s', (_, content, message) => {
    const folder = folderWith(content);
    let thrown: unknown;
    try {
      readPriceFile(folder);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(OrxError);
    const { message: text, kind, hints } = thrown as OrxError;
    expect([text, kind, hints.length]).toEqual([expect.stringContaining(message), 'usage', 1]);
    expect(text).toContain(priceFilePath(folder));
  });

  test('a folder in its place', () => {
    const folder = tempFolder();
    mkdirSync(priceFilePath(folder));
    expect(() => readPriceFile(folder)).toThrow(/cannot read the price file .*prices\.json \(it is a folder\)/);
  });
});
