import { describe, expect, it } from 'vitest';
import { csvText } from '../../../src/output/text/csv.ts';

describe('csvText', () => {
  it('quotes where necessary and ends every line', async () => {
    expect(
      await csvText(
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
  ])('disables formulas, and keeps amounts: %j', async (text, cell) => {
    expect(await csvText(['a'], [[text]])).toBe(`a\n${cell}\n`);
  });
});
