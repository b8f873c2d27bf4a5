import { expect, test } from 'vitest';
import { priceSteps, sampleSteps } from '../../../src/core/price/steps.ts';
import { historyLines, sparkline } from '../../../src/output/history/lines.ts';
import { historyCsv, historyTable } from '../../../src/output/price/history-table.ts';
import { decimal } from '../../../src/decimal.ts';
import type { ModelSpan } from '../../../src/storage/market/market.ts';
import { makeModel } from '../../support/catalogue.ts';

const DAY = 86_400_000;
const START = Date.parse('2026-08-01T00:00:00Z');
/** Returns a model listed from one day to another at this price. */
const listed = (from: number, to: number, price: string, more = {}): ModelSpan => ({
  from: START + from * DAY,
  to: START + to * DAY,
  model: makeModel('a/one', { in: price }, more),
});

const HISTORY = [
  listed(0, 2, '0.000004'),
  listed(2, 4, '0.000004', { description: 'said otherwise' }),
  listed(4, 6, '0.000003'),
  listed(6, 7, '0.000004'),
  listed(9, 10, '0.000004'),
];

test('one step per price; other changes make none, a return does', () => {
  const steps = priceSteps(HISTORY).map(({ from, to, pricing, changes, isReturn }) => [
    (from - START) / DAY,
    (to - START) / DAY,
    String(pricing.prompt),
    changes.map(({ percent }) => percent?.round(1).toString()),
    isReturn,
  ]);
  expect(steps).toEqual([
    [0, 4, '0.000004', [], false],
    [4, 6, '0.000003', ['-25'], false],
    [6, 7, '0.000004', ['33.3'], false],
    [9, 10, '0.000004', [], true],
  ]);
  expect(priceSteps([])).toEqual([]);
});

test('samples follow the steps, with a gap while it was not listed', () => {
  const samples = sampleSteps(priceSteps(HISTORY), ({ prompt }) => prompt, 11).map((price) => price && String(price));
  const [costly, cheap] = ['0.000004', '0.000003'];
  expect(samples).toEqual([costly, costly, costly, costly, cheap, cheap, costly, costly, undefined, costly, costly]);
});

test.each([
  [['1', '2', '3'], '▁▅█'],
  [['5', '5'], '▄▄'],
  [['0', undefined, '7', 'varies'], '▁ █ '],
  [[], ''],
])('%j is drawn %j', (prices, drawn) => {
  const decoded = prices.map((price) => (price === undefined || price === 'varies' ? price : decimal(price)));
  expect(sparkline(decoded)).toBe(drawn);
});

test('the lines are understandable without color, and fit', () => {
  const lines = historyLines(priceSteps(HISTORY), 80).map((line) => line.map(({ text }) => text).join(''));
  expect(lines).toEqual([
    '           2026-08-01 to 2026-08-11   a gap: it was not listed',
    expect.stringMatching(/^ {2}in \$\/M {3}█+▁+█+ +█+ {2}last 4\.00 · least 3\.00 · most 4\.00 · ±0%$/),
    expect.stringMatching(/^ {2}out \$\/M {2}▄+ +▄+ {2}always 1\.10$/),
    '',
  ]);
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(80);
});

test('the table and the CSV', async () => {
  const steps = priceSteps(HISTORY);
  expect(historyTable(steps).rows.map((row) => row.map(({ text }) => text))).toEqual([
    ['2026-08-01 00:00', '2026-08-05 00:00', '4.00', '1.10', '–', ''],
    ['2026-08-05 00:00', '2026-08-07 00:00', '3.00', '1.10', '–', 'in -25%'],
    ['2026-08-07 00:00', '2026-08-08 00:00', '4.00', '1.10', '–', 'in +33%'],
    ['2026-08-10 00:00', '2026-08-11 00:00', '4.00', '1.10', '–', 'came back'],
  ]);
  const [heading, first] = (await historyCsv(steps)).split('\n');
  expect(heading).toMatch(/^from,until,came_back,prompt,input_cache_read,/);
  expect(first).toMatch(/^2026-08-01T00:00:00.000Z,2026-08-05T00:00:00.000Z,false,0.000004,,/);
});
