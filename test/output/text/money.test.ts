import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decimal, decimalText, parseDecimal } from '../../../src/decimal.ts';
import { moneyText } from '../../../src/output/text/money.ts';

test.each([
  ['0', '$0'],
  ['0.000412', '$0.000412'],
  ['0.0000893', '$0.0000893'],
  ['0.00000000012345', '$0.000000000123'],
  ['0.016', '$0.0160'],
  ['0.00512', '$0.00512'],
  ['0.1', '$0.100'],
  ['0.9999', '$1.00'],
  ['0.09996', '$0.100'],
  ['1', '$1.00'],
  ['12.838', '$12.84'],
  ['1204.5', '$1204.50'],
  ['-0.5', '-$0.500'],
])('%s is %s', (amount, expected) => {
  expect(moneyText(amount)).toBe(expected);
});

describe('decimals', () => {
  const digits = fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 30n }), fc.integer({ min: 0, max: 25 }));
  const textOf = ([value, places]: [bigint, number]): string => {
    const padded = value.toString().padStart(places + 1, '0');
    return places === 0 ? padded : `${padded.slice(0, -places)}.${padded.slice(-places)}`;
  };

  test('keep every digit', () => {
    fc.assert(
      fc.property(digits, (parts) => {
        const read = parseDecimal(textOf(parts));
        const [value, places] = parts;
        expect(read?.times(decimal(10).pow(places)).toFixed()).toBe(value.toString());
      }),
    );
  });

  test('multiply and add exactly, like whole numbers', () => {
    fc.assert(
      fc.property(digits, digits, fc.nat(10_000_000), ([a, aPlaces], [b, bPlaces], tokens) => {
        const sum = decimal(textOf([a, aPlaces]))
          .times(tokens)
          .plus(decimal(textOf([b, bPlaces])));
        const scale = BigInt(10) ** BigInt(aPlaces + bPlaces);
        const expected = a * BigInt(tokens) * 10n ** BigInt(bPlaces) + b * 10n ** BigInt(aPlaces);
        expect(BigInt(sum.times(scale.toString()).toFixed())).toBe(expected);
      }),
    );
  });

  test('have a text without exponents that parses to the same value', () => {
    fc.assert(
      fc.property(digits, (parts) => {
        const written = decimalText(decimal(textOf(parts)));
        expect(written).toMatch(/^\d+(\.\d*[1-9])?$/);
        expect(decimal(written).eq(textOf(parts))).toBe(true);
      }),
    );
  });

  test.each([undefined, null, '', 'x', '1,5', Number.NaN, Number.POSITIVE_INFINITY, {}, true])('%j is not a decimal', (value) => {
    expect(parseDecimal(value)).toBeUndefined();
  });
});
