import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CsvRecord, CsvSplitter } from '../../../src/core/evaluation/dataset/split-csv.ts';

function split(pieces: readonly string[], delimiter = ','): { rows: CsvRecord[]; pending: number } {
  const splitter = new CsvSplitter(delimiter);
  const rows = pieces.flatMap((piece) => [...splitter.push(piece)]);
  rows.push(...splitter.end());
  return { rows, pending: splitter.pending };
}

/** The text in pieces of these lengths. */
function pieces(text: string, lengths: readonly number[]): string[] {
  const found: string[] = [];
  let at = 0;
  for (const length of lengths) {
    found.push(text.slice(at, at + length));
    at += length;
  }
  return [...found, text.slice(at)];
}

/** Returns the rows that csv-parse finds; undefined if the last quote is not closed. */
function parsed(text: string): string[][] | undefined {
  try {
    return parse(text, { relax_quotes: true, relax_column_count: true });
  } catch {
    return undefined;
  }
}

const csvText = fc.string({ unit: fc.constantFrom('a', ' ', ',', '"', '\n', '\r\n', '\r', 'é', '😀'), maxLength: 40 });

describe('CSV', () => {
  test('has the fields that csv-parse finds', () => {
    fc.assert(
      fc.property(csvText, (text) => {
        const { rows, pending } = split([text]);
        const found = pending === 0 ? rows.map(({ fields }) => fields) : undefined;
        expect(found).toEqual(parsed(text));
      }),
      { numRuns: 2000 },
    );
  });

  test('has the same rows in any pieces', () => {
    fc.assert(
      fc.property(csvText, fc.array(fc.integer({ min: 1, max: 5 })), (text, lengths) => {
        expect(split(pieces(text, lengths))).toEqual(split([text]));
      }),
      { numRuns: 1000 },
    );
  });

  test('has rows at the lines of an editor', () => {
    const text = 'a,b\r\n"1\r\n2",x\r\n\r\n"3\n4",y\r\n5,z';
    expect(split([text]).rows.map(({ line }) => line)).toEqual([1, 2, 4, 5, 7]);
  });

  test('can have another delimiter', () => {
    expect(split(['a;"b;c";d\n'], ';').rows).toEqual([{ line: 1, fields: ['a', 'b;c', 'd'] }]);
  });

  test('with a long field in many pieces is not split again for each piece', () => {
    const long = 'x'.repeat(1000);
    const { rows } = split(['a\n"', ...Array.from({ length: 2000 }, () => long), '"\n']);
    expect(rows[1]!.fields[0]).toHaveLength(2_000_000);
  });

  test('whose last quote is not closed has no last row', () => {
    const { rows, pending } = split(['a,b\n1,2\n3,"4\n5,6\n']);
    expect([rows.map(({ fields }) => fields), pending]).toEqual([
      [
        ['a', 'b'],
        ['1', '2'],
      ],
      9,
    ]);
  });
});
