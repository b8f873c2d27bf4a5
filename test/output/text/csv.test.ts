import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvLines, csvText } from '../../../src/output/text/csv.ts';

describe('csvText', () => {
  it('quotes where necessary and ends every line', () => {
    expect(
      csvText(
        ['a', 'b'],
        [
          ['x,y', 'say "hi"'],
          ['line\nbreak', null],
          [1.5, true],
        ],
      ),
    ).toBe('a,b\n"x,y","say ""hi"""\n"line\nbreak",\n1.5,true\n');
  });

  it.each([
    ['=1+1', "'=1+1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['+cmd', "'+cmd"],
    ['-2+3', "'-2+3"],
    ['-0.0012', '-0.0012'],
    ['0.000412', '0.000412'],
    ['\t=1', "'\t=1"],
    [' =1+1', "' =1+1"],
    ['\u200b@x', "'\u200b@x"],
    ['\u0000\ufeff+1', "'\u0000\ufeff+1"],
    ['\uff1d1+1', "'\uff1d1+1"],
    ['\u22121', "'\u22121"],
    ['=a,b', `"'=a,b"`],
    ['=HYPERLINK("https://a.example")', `"'=HYPERLINK(""https://a.example"")"`],
    ['\r=1', `"'\r=1"`],
    ['\n-1', `"'\n-1"`],
    ['a-b=c', 'a-b=c'],
    ['a\n=1', '"a\n=1"'],
  ])('disables formulas, and keeps amounts: %j', (text, cell) => {
    expect(csvText(['a'], [[text]])).toBe(`a\n${cell}\n`);
  });

  it('writes rows like csv-stringify', () => {
    const text = fc.string({ unit: fc.constantFrom('a', ' ', ',', '"', '\n', '\r', ';', 'é', '😀') });
    const cell = fc.oneof(text, fc.constant(null), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean());
    const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }));
    fc.assert(
      fc.property(rows, (given) => {
        // A text that begins with a line end gets an apostrophe.
        const plain = given.map((row) => row.map((one) => (typeof one === 'string' ? `x${one}` : one)));
        expect(csvLines(plain)).toBe(stringify(plain, { cast: { boolean: String } }));
      }),
    );
  });
});
