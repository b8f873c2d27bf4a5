import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { fitTable, longTable } from '../../../src/output/table/fit.ts';
import { pipedTable } from '../../../src/output/table/piped-table.ts';
import { plainTable } from '../../../src/output/table/plain.ts';
import type { TableLine, Table } from '../../../src/output/table/table.ts';
import { visibleLine } from '../../../src/output/text/visible.ts';

const table = (...rows: string[][]): Table => ({
  columns: [
    { heading: 'model', align: 'left', dropOrder: 0 },
    { heading: 'price', align: 'right', dropOrder: 0 },
    { heading: 'context', align: 'right', dropOrder: 1 },
    { heading: 'made of', align: 'left', dropOrder: 2 },
  ],
  rows: rows.map((row) => row.map((text) => ({ text }))),
});
const textOf = (lines: readonly TableLine[]): string[] => lines.map((line) => line.map(({ text }) => text).join(''));

// Characters that may appear in a name: letters, wide letters, emoji old and new, flags, families, marks.
const name = fc
  .string({
    unit: fc.constantFrom('a', 'Z', '-', ' ', '漢', 'ｶ', 'é', 'e\u0301', '😀', '🫠', '👨‍👩‍👧', '🇩🇪', '→', '–', '\ue000', '⚠️'),
    minLength: 1,
    maxLength: 12,
  })
  .map(visibleLine);

describe('plainTable', () => {
  test('is drawn without a frame, with two spaces between columns and no trailing blanks', () => {
    expect(plainTable(table(['a/b', '1.00', '8k', 'text → text'], ['a/longer', '10.00', '–', '']))).toBe(
      ['model     price  context  made of', 'a/b        1.00       8k  text → text', 'a/longer  10.00        –', ''].join('\n'),
    );
  });

  test('returns nothing without rows', () => {
    expect(plainTable(table())).toBe('');
  });

  test('a long table is one table', () => {
    const rows = Array.from({ length: 137 }, (_, index) => [`a/${'x'.repeat(index % 40)}`, String(index), 'k', 'text']);
    const lines = plainTable(table(...rows))
      .trimEnd()
      .split('\n');
    expect(lines).toHaveLength(138);
    expect(new Set(lines.map((line) => line.length)).size).toBeLessThanOrEqual(2);
    expect(lines.slice(1).map((line) => line.split(/ +/)[1])).toEqual(rows.map(([, number]) => number));
  });

  test('longTable draws exactly the same', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(name, name, name), { maxLength: 80 }), (rows) => {
        const drawn = table(...rows.map(([a, b, c]) => [a, b, c, '']));
        expect(longTable(drawn)).toBe(plainTable(drawn));
      }),
      { numRuns: 40 },
    );
  });

  test.each([0, 1, 19, 20, 90])('pipedTable draws %i rows exactly the same', async (count) => {
    const drawn = table(...Array.from({ length: count }, (_, index) => [`a/${'日'.repeat(index % 7)}`, String(index), 'k', '']));
    expect(await pipedTable(drawn)).toBe(plainTable(drawn));
  });

  test('cells are aligned for any content, complete and in order, without escape codes', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(name, name), { minLength: 1, maxLength: 60 }), (rows) => {
        const lines = plainTable(table(...rows.map(([left, right]) => [`<${left}>`, `<${right}>`, '8k', 'end'])))
          .trimEnd()
          .split('\n');
        const ends = lines.slice(1).map((line, index) => {
          const [left, right] = rows[index]!;
          expect(line.startsWith(`<${left}>`)).toBe(true);
          expect(line).toContain(`<${right}>  `);
          return stringWidth(line);
        });
        expect(new Set(ends).size).toBe(1);
        expect(lines.join('')).not.toContain('\u001b');
      }),
    );
  });
});

describe('fitTable', () => {
  const wide = table(
    ['author/a-model-with-a-rather-long-name', '1.00', '128k', 'text image → text'],
    ['author/短い名前', '12.00', '1M', 'text → text'],
  );

  test('everything if there is room', () => {
    expect(textOf(fitTable(wide, 120))).toEqual([
      '  model                                   price  context  made of',
      '  author/a-model-with-a-rather-long-name   1.00     128k  text image → text',
      '  author/短い名前                         12.00       1M  text → text',
    ]);
  });

  test('columns are dropped in their order, then the first one is cut', () => {
    expect(textOf(fitTable(wide, 60))[0]).toBe('  model                                   price  context');
    expect(textOf(fitTable(wide, 50))[1]).toBe('  author/a-model-with-a-rather-l…   1.00     128k');
    expect(textOf(fitTable(wide, 42))[1]).toBe('  author/a-model-with-a-rather-lon…  1.00');
    expect(textOf(fitTable(wide, 20))).toEqual(['  model       price', '  author/a-m…  1.00', '  author/短…  12.00']);
  });

  test('neighbors with the same style are one piece', () => {
    const toned: Table = {
      ...wide,
      rows: [[{ text: 'a' }, { text: 'b' }, { text: 'c', tone: 'dim' }, { text: 'd', tone: 'dim' }]],
    };
    expect(fitTable(toned, 120)[1]?.map(({ tone }) => tone)).toEqual([undefined, 'dim']);
  });

  test('no line is as wide as the terminal, from 24 columns on', () => {
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 10 }), fc.integer({ min: 24, max: 200 }), (names, columns) => {
        const lines = textOf(
          fitTable(table(...names.map((text) => [text.repeat(4), '0.0000001', '131k', 'text → text'])), columns),
        );
        for (const line of lines) expect(stringWidth(line)).toBeLessThan(columns);
      }),
    );
  });
});
