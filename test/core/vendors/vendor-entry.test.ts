import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseVendorName, readVendorEntries } from '../../../src/core/vendors/vendor-entry.ts';

test('an entry is read with all of its optional parts', () => {
  const lab = {
    baseUrl: 'http://10.0.0.1:8000/v1/',
    dialect: 'responses',
    key: 'sk-lab',
    keyOrigin: 'http://10.0.0.1:8000',
    model: 'qwen3',
  };
  expect(readVendorEntries({ lab, other: { keyVariable: 'OTHER_KEY' }, third: { keyCommand: 'pass show third' } })).toEqual(
    new Map<string, object>([
      ['lab', { ...lab, baseUrl: 'http://10.0.0.1:8000/v1' }],
      ['other', { keyVariable: 'OTHER_KEY' }],
      ['third', { keyCommand: 'pass show third' }],
    ]),
  );
});

test.each([[undefined], [null], [{}]])('%o are no entries', (stored) => {
  expect(readVendorEntries(stored).size).toBe(0);
});

test('unknown parts of an entry are ignored', () => {
  expect(readVendorEntries({ lab: { baseUrl: 'http://x', color: 'red' } }).get('lab')).toEqual({ baseUrl: 'http://x' });
});

test.each([
  ['no object', 5],
  ['null', null],
  ['a list', ['http://x']],
  ['an address of another type', { baseUrl: 7 }],
  ['an address that is none', { baseUrl: 'localhost:8000' }],
  ['an address with a password', { baseUrl: 'http://me:secret@host' }],
  ['an empty key', { key: '' }],
  ['a key of another type', { key: { text: 'sk' } }],
  ['an unknown dialect', { baseUrl: 'http://x', dialect: 'soap' }],
])('a damaged entry is a fault of that vendor alone: %s', (_, damaged) => {
  const entries = readVendorEntries({ lab: damaged, good: { key: 'sk-good' } });
  expect(entries.get('good')).toEqual({ key: 'sk-good' });
  const { fault } = entries.get('lab')!;
  expect(fault).toMatchObject({ kind: 'usage', message: expect.stringContaining('lab') });
  expect(fault!.hints.join()).toContain('orx vendors remove lab');
  expect(`${fault!.message} ${fault!.hints.join()}`).not.toContain('secret');
});

test('an invalid vendor name is a fault', () => {
  expect(readVendorEntries({ 'Bad Name': { key: 'x' } }).get('Bad Name')!.fault).toBeDefined();
});

test.each([5, 'text', [], true])('%o in place of the entries is reported', (stored) => {
  expect(() => readVendorEntries(stored)).toThrow(expect.objectContaining({ kind: 'usage', code: 'vendors-unreadable' }));
});

test('for any stored data, each entry is complete or has a fault', () => {
  const value = fc.oneof(
    fc.anything({ maxDepth: 1 }),
    fc.record(
      { baseUrl: fc.oneof(fc.webUrl(), fc.anything()), key: fc.anything(), dialect: fc.constantFrom('gemini', 'x', 4) },
      { requiredKeys: [] },
    ),
  );
  fc.assert(
    fc.property(fc.dictionary(fc.oneof(fc.constantFrom('lab', 'openai'), fc.string()), value, { maxKeys: 4 }), (stored) => {
      for (const { fault, ...entry } of readVendorEntries(stored).values()) {
        const texts = Object.values(entry);
        expect(fault === undefined || texts.length === 0).toBe(true);
        expect(texts.every((text) => typeof text === 'string' && text !== '')).toBe(true);
      }
    }),
  );
});

test.each([
  ['Lab', 'lab'],
  [' my-lab2 ', 'my-lab2'],
])('%s is the name %s', (text, name) => {
  expect(parseVendorName(text)).toBe(name);
});

test.each(['', 'a b', '2lab', 'lab:x', 'lab/x', 'läb', 'a'.repeat(41), '__proto__', 'openrouter', 'OpenRouter'])(
  '%s is not a vendor name',
  (text) => {
    expect(() => parseVendorName(text)).toThrow(expect.objectContaining({ kind: 'usage' }));
  },
);
