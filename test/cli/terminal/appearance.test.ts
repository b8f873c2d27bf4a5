import { expect, test } from 'vitest';
import { createAppearance } from '../../../src/cli/terminal/appearance.ts';
import { resolved } from '../../support/settings.ts';

const TERMINAL = { isTTY: true };
const markdownTheme = (given: {
  flags?: object;
  env?: Record<string, string>;
  file?: object;
}): { appearance: string; isScreenReader: boolean } => {
  const env = given.env ?? {};
  const inputs = { flags: { ...given.flags }, env, file: { ...given.file } };
  const appearance = createAppearance(() => resolved(inputs).values, env);
  return {
    appearance: appearance.themeOf(TERMINAL).paint(['warning'], 'x').replaceAll('\u001b', ''),
    isScreenReader: appearance.isScreenReader,
  };
};

test.each([
  ['nothing is said', {}, { appearance: '[33mx[39m', isScreenReader: false }],
  ['a flag', { flags: { theme: 'dark' } }, { appearance: '[93mx[39m', isScreenReader: false }],
  ['a stored theme', { file: { theme: 'light' } }, { appearance: '[31mx[39m', isScreenReader: false }],
  [
    'a flag over a stored theme',
    { flags: { theme: 'none' }, file: { theme: 'light' } },
    { appearance: 'x', isScreenReader: false },
  ],
  ['a screen reader', { flags: { 'screen-reader': true } }, { appearance: 'x', isScreenReader: true }],
  ['a screen reader, stored', { file: { 'screen-reader': true, theme: 'dark' } }, { appearance: 'x', isScreenReader: true }],
  ['a screen reader, by its variable', { env: { INK_SCREEN_READER: 'true' } }, { appearance: 'x', isScreenReader: true }],
  ['NO_COLOR', { env: { NO_COLOR: '1' }, file: { theme: 'dark' } }, { appearance: 'x', isScreenReader: false }],
  [
    'stored values that are none',
    { file: { theme: 'pink' }, env: { INK_SCREEN_READER: 'so so' } },
    { appearance: '[33mx[39m', isScreenReader: false },
  ],
])('%s', (_, given, expected) => {
  expect(markdownTheme(given)).toEqual(expected);
});

test('settings that cannot be read hide nothing', () => {
  const appearance = createAppearance(() => {
    throw new Error('the settings file is damaged');
  }, {});
  expect(appearance.themeOf(TERMINAL).hasColor).toBe(true);
  expect(appearance.isScreenReader).toBe(false);
});

test('settings are resolved once', () => {
  let count = 0;
  const appearance = createAppearance(() => {
    count += 1;
    return resolved({ file: { theme: 'dark' } }).values;
  }, {});
  expect([appearance.isScreenReader, appearance.themeOf(TERMINAL).paint(['warning'], 'x').replaceAll('\u001b', '')]).toEqual([
    false,
    '[93mx[39m',
  ]);
  expect(count).toBe(1);
});
