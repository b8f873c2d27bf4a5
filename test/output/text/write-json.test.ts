import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonLine, jsonText } from '../../../src/output/text/json.ts';
import { TextParts, writeJson } from '../../../src/output/text/write-json.ts';

async function written(value: unknown, isLine: boolean): Promise<string> {
  const stream = new PassThrough();
  const pieces: Buffer[] = [];
  stream.on('data', (piece: Buffer) => pieces.push(piece));
  await writeJson(stream, value, { isLine });
  stream.end();
  return Buffer.concat(pieces).toString();
}

/** A letter with more marks than orx allows; the last ones take two units each. */
const MARKED = `a${'\u0301'.repeat(7)}${'\u{1d165}'.repeat(20)}b`;

/** Longer than one write, and with every kind of character that needs care. */
const LONG = 'a"\\\n\u0007\u200e😀é日'.repeat(60_000) + MARKED;

test('writing in slices gives the same JSON, wherever the long texts are', async () => {
  const marks = '\u0301'.repeat(600 * 1024);
  const cut = [254, 255, 256].map((units) => 'x'.repeat(1024 * 256 - 256 + units) + MARKED + LONG);
  const long = fc.constantFrom(LONG, marks, ...cut, `x${LONG}`, LONG.slice(0, 256 * 1024), LONG.slice(0, 256 * 1024 + 1));
  const values = fc.letrec((tie) => ({
    value: fc.oneof({ depthSize: 'small' }, long, fc.string(), fc.integer(), fc.constant(null), tie('list'), tie('object')),
    list: fc.array(tie('value'), { maxLength: 3 }),
    object: fc.dictionary(fc.string(), tie('value'), { maxKeys: 3 }),
  })).value;
  await fc.assert(
    fc.asyncProperty(values, fc.boolean(), async (value, isLine) => {
      expect((await written(value, isLine)) === (isLine ? jsonLine(value) : jsonText(value))).toBe(true);
    }),
    { numRuns: 25 },
  );
});

test('more marks on a letter than a terminal may draw are escaped, and parse to the original', () => {
  const json = jsonLine({ [MARKED]: MARKED });
  expect(JSON.parse(json)).toEqual({ [MARKED]: MARKED });
  expect(json).toContain(`"a${'\u0301'.repeat(7)}\u{1d165}${'\\ud834\\udd65'.repeat(19)}b"`);
});

test('a text in parts is one string', async () => {
  const value = { before: 1, content: new TextParts([LONG, '', 'end']), after: [LONG] };
  const expected = { before: 1, content: `${LONG}end`, after: [LONG] };
  expect((await written(value, false)) === jsonText(expected)).toBe(true);
  const letters = new TextParts([...MARKED, LONG]);
  expect((await written(letters, true)) === jsonLine(MARKED + LONG)).toBe(true);
  expect(await written({ content: new TextParts(['short']) }, true)).toBe('{"content":"short"}\n');
});
