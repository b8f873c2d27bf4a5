import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decimal } from '../../../src/decimal.ts';
import { OrxError } from '../../../src/errors.ts';
import { alignNumbers } from '../../../src/output/table/align-numbers.ts';
import { catalogueNote, staleNotes } from '../../../src/output/models/catalogue-note.ts';
import { jsonText } from '../../../src/output/text/json.ts';
import { contextText } from '../../../src/output/models/text.ts';
import { modelsTable } from '../../../src/output/models/table.ts';
import { perMillionText } from '../../../src/output/text/price.ts';
import type { Table } from '../../../src/output/table/table.ts';
import { makeModel } from '../../support/catalogue.ts';

const rowsOf = (table: Table): string[][] => table.rows.map((row) => row.map(({ text }) => text));

describe('perMillionText', () => {
  test.each([
    ['0.00000027', '0.27', '0.27'],
    ['0.000003', '3.00', '3.00'],
    ['0.0000011', '1.10', '1.10'],
    ['0', '0.00', '0.00'],
    ['0.00000003625', '0.03625', '0.03625'],
    ['0.0000000833333333333333', '0.0833333333333333', '~0.0833'],
    ['0.0000006000000000000001', '0.6000000000000001', '~0.60'],
    ['0.36', '360000.00', '360000.00'],
    ['0.0123456789', '12345.6789', '~12345.68'],
  ])('%s: %s, with little space %s', (price, exact, short) => {
    expect(perMillionText(decimal(price))).toBe(exact);
    expect(perMillionText(decimal(price), { short: true })).toBe(short);
  });

  test('words if there is no number', () => {
    expect([perMillionText('varies'), perMillionText(undefined)]).toEqual(['varies', '–']);
  });

  test('is exact: a million times the price, to the last digit', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 24n }), (units) => {
        const text = perMillionText(decimal(units.toString()).times('1e-25'));
        const [whole = '', fraction = ''] = text.split('.');
        expect(BigInt(whole + fraction.padEnd(19, '0'))).toBe(units);
        expect(fraction.length).toBeGreaterThanOrEqual(2);
      }),
    );
  });
});

test.each([
  [undefined, '–'],
  [512, '512'],
  [8192, '8k'],
  [163_840, '164k'],
  [999_499, '999k'],
  [999_500, '1M'],
  [1_048_576, '1M'],
  [1_310_720, '1.3M'],
  [2_000_000, '2M'],
])('contextText of %s is %s', (tokens, text) => {
  expect(contextText(tokens)).toBe(text);
});

test('alignNumbers aligns the points, and words with the end of the cents', () => {
  expect(alignNumbers(['1.00', '0.0375', '12.5', '7', 'free', '–'])).toEqual([
    '1.00  ',
    '0.0375',
    '12.5   ',
    '7     ',
    'free  ',
    '–  ',
  ]);
  expect(alignNumbers(['$1', 'varies'])).toEqual(['$1', 'varies']);
});

describe('modelsTable', () => {
  test('a row for each kind of model', () => {
    const table = modelsTable([
      makeModel('a/text', {}, { created: 1_780_000_000 }),
      makeModel('a/free', { in: '0', out: '0' }, { created: null, context_length: 0, top_provider: {} }),
      makeModel(
        'a/video',
        { in: '0', out: '0' },
        { architecture: { input_modalities: ['file', 'odor', 'image', 'text'], output_modalities: ['video'] } },
      ),
      makeModel('a/router', { in: '-1', out: '-1' }, { architecture: {} }),
      makeModel('a/half', {}, { pricing: { prompt: '0.000001' } }),
    ]);
    expect(rowsOf(table).map((row) => row.map((text) => text.trim()))).toEqual([
      ['a/text', '0.27', '1.10', '131k', '2026-05-28', 'text → text'],
      ['a/free', 'free', 'free', '–', '–', 'text → text'],
      ['a/video', '–', '–', '131k', '2026-05-28', 'text image file odor → video'],
      ['a/router', 'varies', 'varies', '131k', '2026-05-28', '–'],
      ['a/half', '–', '–', '131k', '2026-05-28', 'text → text'],
    ]);
  });

  test('hostile names of a catalogue become visible', () => {
    const [row] = rowsOf(
      modelsTable([
        makeModel(
          'a/\u001b]0;owned\u0007b\n\u202ec',
          {},
          { architecture: { input_modalities: ['\u001b[2J'], output_modalities: ['text'] } },
        ),
      ]),
    );
    expect(row!.join('')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
    expect(row![0]).toContain('owned');
  });
});

describe('notes', () => {
  test.each([
    [457, 457, 38_000, '457 models, 38 s old'],
    [4, 1457, 0, '4 of 1,457 models, just fetched'],
    [1, 1, 3 * 3_600_000, '1 model, 3 h old'],
    [0, 0, 0, '0 models, just fetched'],
  ])('%i of %i', (shown, total, ageMs, text) => {
    expect(catalogueNote(shown, total, ageMs)).toBe(text);
  });

  test('a stored copy used as a fallback shows the reason and its age', () => {
    const network = new OrxError('connection refused \u001b[31m sk-or-v1-0123456789abcdef0123456789abcdef', { kind: 'network' });
    const [note] = staleNotes({ ageMs: 3 * 3_600_000, staleBecause: network });
    expect(note).toEqual({
      text: 'warning: could not reach the API (connection refused ␛[31m sk-or-v1-…cdef): showing the stored copy, 3 h old',
      tone: 'warning',
    });
    expect(staleNotes({ ageMs: 60, staleBecause: new OrxError('busy', { kind: 'rate-limit' }) })[0]?.text).toContain(
      'sent no catalog (busy)',
    );
    expect(staleNotes({ ageMs: 60 })).toEqual([]);
  });
});

describe('jsonText', () => {
  test('invisible characters are escaped, except those that scripts and emoji need', () => {
    expect(jsonText('\u00ad\u115f\u3164\ufe00\u{1d173}|\u200c\u200d\ufe0e\ufe0f')).toBe(
      '"\\u00ad\\u115f\\u3164\\ufe00\\ud834\\udd73|\u200c\u200d\ufe0e\ufe0f"\n',
    );
  });

  test('no text acts on a terminal, and all of it is exact', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), fc.string({ unit: 'binary' }), (value, text) => {
        const json = jsonText([value, text, `\u001b\u009b\u007f\u2028\u202e\u{e0041}${text}`]);
        expect(JSON.parse(json)).toEqual(
          JSON.parse(JSON.stringify([value, text, `\u001b\u009b\u007f\u2028\u202e\u{e0041}${text}`])),
        );
        expect(json).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202e]|[\u{e0000}-\u{e007f}]/u);
      }),
    );
  });
});
