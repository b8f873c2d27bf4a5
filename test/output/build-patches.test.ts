import { build, type Plugin } from 'esbuild';
import { join } from 'node:path';
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

interface Operations {
  write: (x: number, y: number, text: string, options: { transformers: readonly ((line: string) => string)[] }) => void;
  clip: (clip: { x1: number; x2: number; y1: number; y2: number }) => void;
  unclip: () => void;
  get: () => { output: string; height: number };
}
type Output = new (size: { width: number; height: number }) => Operations;

interface Tokenizer {
  tokenize: Tokenize;
  styledCharsFromTokens: (tokens: unknown) => unknown;
  styledCharsToString: (characters: unknown) => string;
}

async function bundled<T>(contents: string, plugins: Plugin[]): Promise<T> {
  const stdin = { contents, resolveDir: join(import.meta.dirname, '../../node_modules/ink/build') };
  const { outputFiles } = await build({ stdin, bundle: true, write: false, format: 'esm', plugins });
  const bundle = Buffer.from(outputFiles[0]!.contents).toString('base64');
  return (await import(`data:text/javascript;base64,${bundle}`)) as T;
}

/** Bundles the library that cuts Ink's rows. */
async function bundledTokenize(plugins: Plugin[]): Promise<Tokenize> {
  return (await bundled<{ tokenize: Tokenize }>("export { tokenize } from '@alcalzone/ansi-tokenize';", plugins)).tokenize;
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

test('frames are composed as by Ink, whatever came before', async () => {
  const source = "export { default } from './output.js';";
  const [Kept, Own] = await Promise.all([
    bundled<{ default: Output }>(source, [patched()]),
    bundled<{ default: Output }>(source, []),
  ]).then((both) => both.map(({ default: output }) => output));
  const { tokenize, styledCharsFromTokens, styledCharsToString } = await bundled<Tokenizer>(
    "export { tokenize, styledCharsFromTokens, styledCharsToString } from '@alcalzone/ansi-tokenize';",
    [],
  );
  // A row that is one text keeps its escape sequences as they are; Ink writes those of equal cells once.
  const styled = (row: string): string => styledCharsToString(styledCharsFromTokens(tokenize(row))).trimEnd();
  const words = fc.constantFrom(
    'a',
    'word ',
    '●',
    '界',
    '👍',
    'e\u0301',
    '\u001B[1mbold\u001B[22m',
    '\u001B[31mred',
    '\u001B[38;5;7;1mgray\u001B[39m',
    '\u001B[38;2;1;2;3m\u001B[41m\u001B[4mcolors\u001B[0m',
    '\u001B[39;22m',
    '\u001B]8;;x\u0007link\u001B]8;;\u0007',
    '\n',
    '   ',
  );
  const operation = fc.record({
    x: fc.nat(12),
    y: fc.nat(5),
    text: fc.array(words, { maxLength: 6 }).map((pieces) => pieces.join('')),
    isClipped: fc.boolean(),
  });
  const frame = fc.record({ width: fc.integer({ min: 1, max: 20 }), operations: fc.array(operation, { maxLength: 6 }) });
  fc.assert(
    fc.property(fc.array(frame, { minLength: 1, maxLength: 6 }), (frames) => {
      // Each frame twice, as most rows of a frame are those of the last one.
      for (const { width, operations } of frames.flatMap((one) => [one, one])) {
        const drawn = [Kept!, Own!].map((Class) => {
          const output = new Class({ width, height: 5 });
          for (const { x, y, text, isClipped } of operations) {
            if (isClipped) output.clip({ x1: 2, x2: 9, y1: 1, y2: 4 });
            output.write(x, y, text, { transformers: [] });
            if (isClipped) output.unclip();
          }
          const { output: rows, height } = output.get();
          return { rows: rows.split('\n').map(styled), height };
        });
        expect(drawn[0]).toEqual(drawn[1]);
      }
    }),
    { numRuns: 300 },
  );
});
