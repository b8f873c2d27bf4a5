import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exactJson, ExactNumber, markNumbers, parseExact, roundNumbers, unmarkNumbers } from '../../src/text/exact-json.ts';

const through = (json: string) => unmarkNumbers(JSON.stringify(JSON.parse(markNumbers(json))));

test.each([
  '9007199254740993',
  '-9223372036854775808',
  '18446744073709551615',
  '1e400',
  '-1E+400',
  '1e-400',
  '0.1000000000000000055',
  '100000000000000000000000',
  '-0',
  '-0.0',
  '123456789.123456789123456789',
])('%s passes through JSON.parse unchanged', (number) => {
  const json = `{"id":${number},"list":[${number},"${number}"],"text":"say \\"${number}\\" \\\\"}`;
  expect(through(json)).toBe(json);
  expect(exactJson(parseExact(json))).toBe(json);
  expect((parseExact(json) as { id: unknown }).id).toEqual(new ExactNumber(number));
  expect(roundNumbers(parseExact(json))).toEqual(JSON.parse(json));
});

test.each([
  ['1.0', '1'],
  ['1e2', '100'],
  ['0.10', '0.1'],
  ['1.5e-9', '1.5e-9'],
])('%s is a number that a double can hold: %s', (number, text) => {
  expect(markNumbers(number)).toBe(number);
  expect(through(number)).toBe(text);
});

test('every JSON value is preserved, and invalid JSON stays invalid', () => {
  fc.assert(fc.property(fc.json(), (json) => void expect(through(json)).toBe(JSON.stringify(JSON.parse(json)))));
  const digits = fc.array(fc.constantFrom(...'0123456789'), { minLength: 1, maxLength: 40 }).map((list) => BigInt(list.join('')));
  fc.assert(fc.property(digits, (number) => void expect(through(`[${number}]`)).toBe(`[${number}]`)));
  for (const text of ['00009007199254740993', '9007199254740993x', '-', '1.', '"9007199254740993']) {
    expect(() => parseExact(text)).toThrow(SyntaxError);
  }
});

test('long texts and long numbers take no quadratic time', () => {
  const text = `"${'\\\\'.repeat(500_000)}${'0'.repeat(1_000_000)}"`;
  const number = `${'9'.repeat(200_000)}${'0'.repeat(200_000)}1`;
  expect(through(`[${text},${number}]`)).toBe(`[${text},${number}]`);
});
