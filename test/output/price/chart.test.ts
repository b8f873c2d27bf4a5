import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { chartPoints } from '../../../src/core/price/chart.ts';
import { priceChart } from '../../../src/output/price/chart.ts';
import { scatterLines } from '../../../src/output/chart/scatter.ts';
import type { TableLine } from '../../../src/output/table/table.ts';
import { makeModel } from '../../support/catalogue.ts';
import { quoteAll } from '../../support/quotes.ts';

const plain = (lines: readonly TableLine[]): string[] => lines.map((line) => line.map(({ text }) => text).join(''));
const model = (id: string, price: number, context: number, coding?: number) =>
  makeModel(
    id,
    { in: price.toFixed(9), out: '0' },
    {
      context_length: context,
      ...(coding === undefined ? {} : { benchmarks: { artificial_analysis: { coding_index: coding } } }),
    },
  );
const quotes = (...models: ReturnType<typeof model>[]) => quoteAll(models, { promptTokens: 1000, completionTokens: 0 });

const FIVE = [
  model('a/free', 0, 8_000),
  model('b/cheap', 0.000_001, 128_000, 40),
  model('c/worse', 0.000_002, 64_000, 50),
  model('d/same', 0.000_003, 128_000),
  model('e/best', 0.000_01, 1_000_000, 60),
];

describe('the efficient frontier', () => {
  const efficient = (axis: 'context' | 'coding'): string[] =>
    chartPoints(quotes(...FIVE), axis)
      .filter((point) => point.isEfficient)
      .map(({ quote }) => quote.model.id);

  test('no model gives as much for less', () => {
    expect(efficient('context')).toEqual(['a/free', 'b/cheap', 'e/best']);
    expect(efficient('coding')).toEqual(['b/cheap', 'c/worse', 'e/best']);
  });

  test('exactly the models that no other dominates', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(9), fc.integer({ min: 1, max: 9 })), { maxLength: 12 }), (pairs) => {
        const points = chartPoints(
          quotes(...pairs.map(([price, context], index) => model(`a/${index}`, price / 1e6, context))),
          'context',
        );
        const isDominated = (at: number): boolean =>
          points.some((other, index) => {
            const [cost, value] = [other.cost.cmp(points[at]!.cost), other.value - points[at]!.value];
            return (cost <= 0 && value >= 0 && (cost < 0 || value > 0)) || (cost === 0 && value === 0 && index < at);
          });
        expect(points.map(({ isEfficient }) => isEfficient)).toEqual(points.map((_, index) => !isDominated(index)));
      }),
    );
  });
});

describe('priceChart', () => {
  test('bars, points with letters, and a legend for the letters', () => {
    const lines = plain(priceChart(quotes(...FIVE), { axis: 'context' }, 60));
    expect(lines.slice(0, 5)).toEqual([
      '  a/free         $0  ',
      '  b/cheap  $0.00100  ███▊',
      '  c/worse  $0.00200  ███████▍',
      '  d/same   $0.00300  ███████████▏',
      `  e/best    $0.0100  ${'█'.repeat(37)}`,
    ]);
    const scatter = lines.slice(7, 21);
    expect(scatter[0]).toMatch(/^ {2}1M \| +C$/);
    expect(scatter.at(-1)).toBe('  8k |A');
    expect(scatter.join('\n')).toMatch(/\|\s+B +\./);
    expect(lines.join('\n')).toMatch(/free \$0\.00100 +\$0\.0100/);
    expect(lines.slice(-3).map((line) => line.trim().split(/ {2,}/))).toEqual([
      ['A a/free', '$0', '8k'],
      ['B b/cheap', '$0.00100', '128k'],
      ['C e/best', '$0.0100', '1M'],
    ]);
  });

  test('against a benchmark: models without one are counted', () => {
    expect(plain(priceChart(quotes(...FIVE), { axis: 'coding' }, 80)).join('\n')).toContain(
      '2 without a cost or the coding index',
    );
    expect(plain(priceChart(quotes(FIVE[0]!), { axis: 'coding' }, 80)).join('\n')).toContain(
      'no model here has both a cost and the coding index',
    );
  });

  test('too many bars are counted instead', () => {
    const many = quotes(...Array.from({ length: 60 }, (_, index) => model(`a/m${index}`, 0.000_001, 1000 + index)));
    expect(plain(priceChart(many, { axis: 'context' }, 80)).join('\n')).toContain('… and 20 more');
  });

  test('no line is wider than the terminal, for any models', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 40, max: 220 }),
        fc.array(
          fc.tuple(
            fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
            fc.nat(10 ** 6),
            fc.integer({ min: 1, max: 10 ** 7 }),
          ),
          { maxLength: 8 },
        ),
        (columns, entries) => {
          const of = quotes(...entries.map(([name, price, context], index) => model(`a/${name}${index}`, price / 1e9, context)));
          for (const line of plain(priceChart(of, { axis: 'context' }, columns)))
            expect(stringWidth(line)).toBeLessThan(columns + 1);
        },
      ),
      { numRuns: 60 },
    );
  });
});

test('points at the same place differ from single ones', () => {
  const at = { cost: 1, value: 1, mark: '.' };
  const lines = plain(
    scatterLines([at, at, { cost: 2, value: 2, mark: 'A' }, { cost: 2, value: 2, mark: '.' }], {
      columns: 60,
      isLogarithmic: false,
      valueText: String,
    }),
  );
  expect(lines.join('\n').match(/[.:A]/g)?.join('')).toMatch(/^A.*:/);
});
