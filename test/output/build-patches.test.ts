import { build, type Plugin } from 'esbuild';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { ONE_COLUMN, patched } from '../../build-patches.js';

test('characters measured without a table take one column each, alone and together', () => {
  const pattern = new RegExp(`^[${ONE_COLUMN}]$`);
  const matches = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code)).filter((character) =>
    pattern.test(character),
  );
  expect(matches.length).toBeGreaterThan(1000);
  expect(matches.filter((character) => stringWidth(character) !== 1)).toEqual([]);
  const pairs = matches.flatMap((first) => ['a', '1', '#', '\u2192', '\u00e9'].map((second) => first + second));
  expect(pairs.filter((pair) => stringWidth(pair) !== 2)).toEqual([]);
});

type Tokenize = (row: string, end?: number) => unknown;

/** Bundles the library that cuts Ink's rows. */
async function bundledTokenize(plugins: Plugin[]): Promise<Tokenize> {
  const { outputFiles } = await build({
    stdin: { contents: "export { tokenize } from '@alcalzone/ansi-tokenize';", resolveDir: import.meta.dirname },
    bundle: true,
    write: false,
    format: 'esm',
    plugins,
  });
  const bundle = Buffer.from(outputFiles[0]!.contents).toString('base64');
  return ((await import(`data:text/javascript;base64,${bundle}`)) as { tokenize: Tokenize }).tokenize;
}

test('rows are cut as by the library', async () => {
  const [cut, tokenize] = await Promise.all([bundledTokenize([patched()]), bundledTokenize([])]);
  const piece = fc.constantFrom(
    'a',
    'é',
    '→',
    ' ',
    '─',
    '\u001B[1m',
    '\u001B[38;5;1;4m',
    '\u001B]8;;x\u0007',
    '\u001B',
    '界',
    '👩‍👩‍👧',
    'e\u0301',
    '\r\n',
  );
  const text = fc.oneof(
    fc.array(piece).map((pieces) => pieces.join('')),
    fc.array(fc.constantFrom('a', 'é', '\u001B[31m', '\u001B]8;;x\u0007', '\u00AE')).map((pieces) => pieces.join('')),
    fc.string({ unit: 'grapheme' }),
  );
  fc.assert(
    fc.property(text, fc.option(fc.nat(20), { nil: undefined }), (row, end) => {
      expect(cut(row, end)).toEqual(tokenize(row, end));
    }),
    { numRuns: 500 },
  );
});
