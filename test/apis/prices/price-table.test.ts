import { describe, expect, test } from 'vitest';
import { bundledPrices } from '../../../src/apis/prices/bundled.ts';
import { parsePriceTable } from '../../../src/apis/prices/price-table.ts';
import { type Vendor, VENDORS } from '../../../src/apis/vendors.ts';
import type { Price } from '../../../src/apis/catalogue.ts';
import { type Decimal, decimalText } from '../../../src/decimal.ts';

const TEXT = `
# A comment.
[openai]
big,big-latest in=2.5 out=15 read=0.25 above=272000 in=5 out=22.5 context=1050000 output=128000 takes=text,image can=tools
old in=1 out=2 date=2026-05-06 # as it was
[groq]
Some/Model-1.5 in=0.0375 out=0
`;

describe('a price table', () => {
  const table = parsePriceTable(TEXT, '2026-08-05');

  test('has exact prices per token, and its other facts', () => {
    const big = table.find('openai', 'big');
    expect([decimalText(of(big!.pricing.prompt)), decimalText(of(big!.pricing.cacheRead))]).toEqual(['0.0000025', '0.00000025']);
    expect(big).toMatchObject({ date: '2026-08-05', contextLength: 1_050_000, maxCompletionTokens: 128_000 });
    expect(big).toMatchObject({ inputModalities: ['text', 'image'], supportedParameters: ['tools'] });
    const [tier] = big!.pricing.overrides;
    expect([tier!.minPromptTokens, decimalText(of(tier!.prices.completion))]).toEqual([272_000, '0.0000225']);
  });

  test.each([
    ['openai', 'big-latest', '2026-08-05'],
    ['openai', 'big-2026-03-05', '2026-08-05'],
    ['openai', 'big-20260305', '2026-08-05'],
    ['openai', 'old', '2026-05-06'],
    ['groq', 'some/model-1-5', '2026-08-05'],
    ['groq', 'old', undefined],
    ['openai', 'big-2603', undefined],
    ['openai', 'bigger', undefined],
  ])('%s %s', (vendor, model, date) => expect(table.find(vendor, model)?.date).toBe(date));

  test.each(['[a]\nx in', '[a]\nx in=1 price=3', '[a]\nx in=1 out=2\nx in=1 out=3', '[a]\nx in=cheap out=2'])(
    'rejects %j',
    (text) => {
      expect(() => parsePriceTable(text, '2026-08-05')).toThrow();
    },
  );
});

function of(price: Price | undefined): Decimal {
  if (typeof price !== 'object') throw new Error('no price');
  return price;
}

describe('the bundled table', () => {
  const { entries, date, find } = bundledPrices();
  const vendors = VENDORS as readonly Vendor[];

  test('has input and output prices in every row, with a context and a date', () => {
    expect(entries.length).toBeGreaterThan(120);
    const wrong = entries.flatMap(({ vendor, names, entry }) => {
      const { prompt, completion, cacheRead, cacheWrite, cacheWrite1h, overrides } = entry.pricing;
      const input = of(prompt);
      const checks = {
        // Between a hundredth of a dollar and a thousand dollars per million tokens, so that a misplaced decimal point is far outside.
        input: input.gte('0.00000001') && input.lte('0.001'),
        output: of(completion).lte('0.001'),
        read: cacheRead === undefined || (of(cacheRead).gt(0) && of(cacheRead).lte(input)),
        write: cacheWrite === undefined || of(cacheWrite).gt(input),
        write1h: cacheWrite1h === undefined || of(cacheWrite1h).gt(of(cacheWrite)),
        tiers: overrides.every(
          ({ minPromptTokens = 0, prices }) =>
            minPromptTokens > 0 && minPromptTokens < entry.contextLength! && of(prices.prompt).gt(input),
        ),
        context: entry.contextLength! > 1000,
        date: /^2026-\d\d-\d\d$/.test(entry.date),
        vendor: vendors.some(({ name }) => name === vendor),
      };
      return Object.entries(checks).flatMap(([name, isRight]) => (isRight ? [] : [`${vendor}:${names[0]!}: ${name}`]));
    });
    expect(wrong).toEqual([]);
    expect(date).toMatch(/^\d{4}-\d\d-\d\d$/);
  });

  test.each(vendors.filter(({ isLocal, defaultModel }) => isLocal !== true && defaultModel !== undefined))(
    'knows the default model of $name',
    ({ name, defaultModel }) => expect(find(name, defaultModel!)).toBeDefined(),
  );

  test('anthropic: reads cost a tenth, writes a quarter more, if the catalogue has both', () => {
    const sonnet = find('anthropic', 'claude-sonnet-4-5-20250929')!.pricing;
    const price = (one: Price | undefined): string => decimalText(of(one));
    expect([sonnet.prompt, sonnet.cacheRead, sonnet.cacheWrite, sonnet.cacheWrite1h].map(price)).toEqual([
      '0.000003',
      '0.0000003',
      '0.00000375',
      '0.000006',
    ]);
  });
});
