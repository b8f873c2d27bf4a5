import { expect, test } from 'vitest';
import { shortText } from '../../src/text/short-text.ts';

test('a long word loses its middle, a long text its end, and other texts stay', () => {
  const usual = `cannot read ${'/folder'.repeat(40)}: ${'some words '.repeat(500)}`;
  expect(shortText(usual)).toBe(usual);
  const name = `a${'x'.repeat(100_000)}z`;
  expect(shortText(`unknown model "${name}", use another`)).toMatch(/^unknown model "ax+…x+z", use another$/);
  expect(shortText(name).length).toBe(201);
  expect(shortText('word '.repeat(100_000)).length).toBe(10_001);
});

test('no character is cut in half', () => {
  const text = shortText(`x${'😀'.repeat(500)}`);
  expect(text).not.toMatch(/\p{Surrogate}/u);
  expect(text).toMatch(/^x😀+…😀+$/u);
});
