import { expect, test } from 'vitest';
import { createTheme } from '../../../src/output/text/theme.ts';

const TERMINAL = { isTTY: true };

test.each<[string, Parameters<typeof createTheme>, boolean]>([
  ['a terminal', ['auto', TERMINAL, {}], true],
  ['a pipe', ['auto', {}, {}], false],
  ['a pipe, forced', ['dark', { isTTY: false }, { FORCE_COLOR: '1' }], false],
  ['none', ['none', TERMINAL, {}], false],
  ['none, forced', ['none', TERMINAL, { FORCE_COLOR: '1' }], false],
  ['NO_COLOR', ['dark', TERMINAL, { NO_COLOR: '1' }], false],
  ['an empty NO_COLOR', ['dark', TERMINAL, { NO_COLOR: '' }], true],
  ['TERM=dumb', ['light', TERMINAL, { TERM: 'dumb' }], false],
  ['FORCE_COLOR=0', ['auto', TERMINAL, { FORCE_COLOR: '0' }], false],
  ['FORCE_COLOR against NO_COLOR', ['auto', TERMINAL, { FORCE_COLOR: '1', NO_COLOR: '1' }], true],
])('color: %s', (_, [name, stream, env], hasColor) => {
  const theme = createTheme(name, stream, env);
  expect(theme.hasColor).toBe(hasColor);
  expect(theme.paint(['bad'], 'x') === 'x').toBe(!hasColor);
});

test.each([
  ['15;0', 'dark'],
  ['0;15', 'light'],
  ['0;default;15', 'light'],
  ['12;8', 'dark'],
  ['0;7', 'light'],
] as const)('auto uses COLORFGBG=%s for %s', (colors, name) => {
  const row = (theme: ReturnType<typeof createTheme>): string => theme.paint(['code', 'strong'], 'x');
  const other = name === 'dark' ? 'light' : 'dark';
  expect(row(createTheme('auto', TERMINAL, { COLORFGBG: colors }))).toBe(row(createTheme(name, TERMINAL, {})));
  expect(row(createTheme(other, TERMINAL, {}))).not.toBe(row(createTheme(name, TERMINAL, {})));
});

test.each([undefined, '', 'default', '15;default', '0;99', '\u001b[31m'])(
  'auto without a background (%j) is neutral',
  (colors) => {
    const env = colors === undefined ? {} : { COLORFGBG: colors };
    expect(createTheme('auto', TERMINAL, env).paint(['code'], 'x')).toBe('\u001b[36mx\u001b[39m');
  },
);

test('text without a meaning, and empty text, have no style', () => {
  const { paint } = createTheme('dark', TERMINAL, {});
  expect(paint([], 'x')).toBe('x');
  expect(paint(['bad'], '')).toBe('');
});
