import { expect, test } from 'vitest';
import { createLook } from '../../../src/cli/terminal/appearance.ts';
import { resolveSettings } from '../../../src/core/settings/resolve.ts';

const TERMINAL = { isTTY: true };
const lookOf = (given: {
  flags?: object;
  env?: Record<string, string>;
  file?: object;
}): { look: string; isReadAloud: boolean } => {
  const env = given.env ?? {};
  const inputs = { flags: { ...given.flags }, env, file: { ...given.file } };
  const look = createLook(() => resolveSettings(inputs).values, env);
  return { look: look.themeOf(TERMINAL).paint(['warning'], 'x').replaceAll('\u001b', ''), isReadAloud: look.isReadAloud };
};

test.each([
  ['nothing is said', {}, { look: '[33mx[39m', isReadAloud: false }],
  ['a flag', { flags: { theme: 'dark' } }, { look: '[93mx[39m', isReadAloud: false }],
  ['a stored theme', { file: { theme: 'light' } }, { look: '[31mx[39m', isReadAloud: false }],
  ['a flag over a stored theme', { flags: { theme: 'none' }, file: { theme: 'light' } }, { look: 'x', isReadAloud: false }],
  ['a screen reader', { flags: { 'screen-reader': true } }, { look: 'x', isReadAloud: true }],
  ['a screen reader, stored', { file: { 'screen-reader': true, theme: 'dark' } }, { look: 'x', isReadAloud: true }],
  ['a screen reader, by its variable', { env: { INK_SCREEN_READER: 'true' } }, { look: 'x', isReadAloud: true }],
  ['NO_COLOR', { env: { NO_COLOR: '1' }, file: { theme: 'dark' } }, { look: 'x', isReadAloud: false }],
  [
    'stored values that are none',
    { file: { theme: 'pink' }, env: { INK_SCREEN_READER: 'so so' } },
    { look: '[33mx[39m', isReadAloud: false },
  ],
])('%s', (_, given, expected) => {
  expect(lookOf(given)).toEqual(expected);
});

test('settings that cannot be read hide nothing', () => {
  const look = createLook(() => {
    throw new Error('the settings file is damaged');
  }, {});
  expect(look.themeOf(TERMINAL).hasColor).toBe(true);
  expect(look.isReadAloud).toBe(false);
});
