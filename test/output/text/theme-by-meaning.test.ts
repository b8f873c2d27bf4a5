import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const SOURCES = join(import.meta.dirname, '../../../src');
/** The one place where a meaning gets its style, and the sandbox's hostile answer. */
const ALLOWED = new Set(['output/text/theme.ts', 'sandbox/hostile-text.ts']);
const STYLES: readonly [string, RegExp][] = [
  ['Ink', /\s(?:color|backgroundColor)=|\s(?:dimColor|bold|italic|underline|inverse|strikethrough)(?:=|>|\s+\w+=)|\bcolor: '/],
  ['node:util', /styleText/],
  ['chalk', /from '(?:chalk|ansi-styles|picocolors|kleur)'/],
  ['an escape sequence', /\\(?:u001b|u\{1b\}|x1b|033)\[[\d;]*m/i],
];

test('only the theme has colors and styles: all other code states the meaning of a text', () => {
  const matches = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path) && !ALLOWED.has(path.replaceAll('\\', '/')))
    .flatMap((path) => {
      const source = readFileSync(join(SOURCES, path), 'utf8');
      return STYLES.filter(([, style]) => style.test(source)).map(([kind]) => `${path}: ${kind}`);
    });
  expect(matches).toEqual([]);
});

test.each([
  ['<Text color="cyan">', 'Ink'],
  ['<Text dimColor wrap="truncate">', 'Ink'],
  ['<Text bold>', 'Ink'],
  ["{ color: 'red' }", 'Ink'],
  ["styleText('red', text)", 'node:util'],
  ["'\\u001b[31mred'", 'an escape sequence'],
])('%s would be found', (source, kind) => {
  expect(STYLES.filter(([, style]) => style.test(source)).map(([name]) => name)).toEqual([kind]);
});
