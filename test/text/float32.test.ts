import fc from 'fast-check';
import { expect, test } from 'vitest';
import { base64ToFloats, floatListText, floatsToBase64 } from '../../src/text/float32.ts';

const float = fc.float({ noNaN: true, noDefaultInfinity: true });

test('base64 keeps 32-bit floats', () => {
  fc.assert(
    fc.property(fc.array(float, { minLength: 1 }), (values) => {
      expect(base64ToFloats(floatsToBase64(values))).toEqual(values);
    }),
  );
  expect(base64ToFloats('AACAPwAAAMA=')).toEqual([1, -2]);
});

test.each(['', 'AACA', 'not base64!', 'AACAPwA='])('%j is not a list of floats', (text) => {
  expect(base64ToFloats(text)).toBeUndefined();
});

test('a 32-bit float is written with its own digits, any other number unchanged', () => {
  fc.assert(
    fc.property(fc.array(float), (values) => {
      const text = floatListText(values);
      expect((JSON.parse(text) as number[]).map(Math.fround)).toEqual(values.map((value) => (Object.is(value, -0) ? 0 : value)));
    }),
  );
  fc.assert(
    fc.property(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true })), (values) => {
      const others = values.filter((value) => Math.fround(value) !== value);
      expect(floatListText(others)).toBe(JSON.stringify(others));
    }),
  );
  expect(floatListText([Math.fround(0.1), 0.1, 1, Math.fround(-0.009327292), 1e-10])).toBe('[0.1,0.1,1,-0.009327292,1e-10]');
});
