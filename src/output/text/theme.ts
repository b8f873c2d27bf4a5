import { styleText } from 'node:util';
import type { ThemeName } from '../../core/settings/settings.ts';
import type { MarkdownMeaning } from '../../markdown/block.ts';
import { visibleText } from './visible.ts';

type Format = Extract<Parameters<typeof styleText>[0], string>;

/** The meaning of a piece of text on the screen. Only the theme decides its style. */
export type Meaning =
  | MarkdownMeaning
  | 'heading'
  | 'quote'
  | 'accent'
  | 'match'
  | 'good'
  | 'warning'
  | 'bad'
  | 'keyword'
  | 'string'
  | 'number'
  | 'comment'
  | 'name';

export interface Theme {
  /** Without color, nothing is styled, and Markdown marks that the text needs stay visible. */
  hasColor: boolean;
  /** Returns the text in the style of all these meanings, made visible. For a stream that takes styles: terminal-border.ts. */
  paint: (meanings: readonly Meaning[], text: string) => string;
  /** Like `paint`, for text that is visible already. */
  style: (meanings: readonly Meaning[], visible: string) => string;
}

type Styles = Readonly<Record<Meaning, readonly Format[]>>;

/** Readable on any background: the terminal's own colors, except those close to black or white. */
const NEUTRAL: Styles = {
  heading: ['bold', 'magenta'],
  strong: ['bold'],
  emphasis: ['italic'],
  strike: ['strikethrough'],
  code: ['cyan'],
  link: ['underline'],
  quote: ['italic'],
  accent: ['cyan'],
  match: ['yellow'],
  dim: ['dim'],
  good: ['green'],
  warning: ['yellow'],
  bad: ['red'],
  keyword: ['magenta'],
  string: ['green'],
  number: ['cyan'],
  comment: ['dim'],
  name: ['bold'],
};
const STYLES: Readonly<Record<'neutral' | 'dark' | 'light', Styles>> = {
  neutral: NEUTRAL,
  dark: {
    ...NEUTRAL,
    heading: ['bold', 'magentaBright'],
    code: ['cyanBright'],
    link: ['underline', 'blueBright'],
    accent: ['cyanBright'],
    match: ['yellowBright'],
    warning: ['yellowBright'],
    bad: ['redBright'],
    keyword: ['magentaBright'],
    string: ['greenBright'],
    number: ['yellowBright'],
    name: ['blueBright'],
  },
  light: {
    ...NEUTRAL,
    code: ['blue'],
    link: ['underline', 'blue'],
    accent: ['blue'],
    match: ['magenta'],
    warning: ['red'],
    number: ['blue'],
    name: ['blue'],
  },
};

/** Stands for the text whose style is asked. */
const GAP = '…';

const PLAIN: Theme = { hasColor: false, paint: (_, text) => visibleText(text), style: (_, text) => text };

/**
 * Returns the theme of a stream. There is no color if it would not be seen (no terminal, TERM=dumb) or is not wanted (NO_COLOR,
 * FORCE_COLOR=0, theme `none`). FORCE_COLOR takes precedence over TERM and NO_COLOR. `auto` reads COLORFGBG, which some terminals
 * set, and otherwise uses a theme that is readable on any background; asking the terminal itself would mean waiting for its
 * reply.
 */
export function createTheme(
  name: ThemeName,
  stream: { isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
): Theme {
  if (name === 'none' || stream.isTTY !== true || !wantsColor(env)) return PLAIN;
  const styles = STYLES[name === 'auto' ? background(env['COLORFGBG']) : name];
  /** The codes before and after a text, by its meanings. */
  const known = new Map<string, readonly [string, string]>();
  const codesOf = (meanings: readonly Meaning[]): readonly [string, string] => {
    const key = meanings.length === 1 ? meanings[0]! : meanings.join();
    let codes = known.get(key);
    if (codes === undefined) {
      const formats = [...new Set(meanings.flatMap((meaning) => styles[meaning]))];
      const [before = '', after = ''] = styleText(formats, GAP, { validateStream: false }).split(GAP);
      known.set(key, (codes = [before, after]));
    }
    return codes;
  };
  const style: Theme['style'] = (meanings, text) => {
    if (text === '' || meanings.length === 0) return text;
    const codes = codesOf(meanings);
    return codes[0] + text + codes[1];
  };
  return { hasColor: true, paint: (meanings, text) => style(meanings, visibleText(text)), style };
}

/** Reports whether the environment allows color: https://no-color.org, https://force-color.org. */
export function wantsColor(env: Readonly<Record<string, string | undefined>>): boolean {
  const forced = env['FORCE_COLOR'];
  return forced !== undefined ? forced !== '0' && forced !== 'false' : !env['NO_COLOR'] && env['TERM'] !== 'dumb';
}

/**
 * Parses COLORFGBG, which is `foreground;background`, each the number of one of sixteen colors, sometimes with a third value in
 * between.
 */
function background(colors: string | undefined): 'neutral' | 'dark' | 'light' {
  const last = colors?.split(';').at(-1) ?? '';
  if (!/^\d{1,2}$/.test(last) || Number(last) > 15) return 'neutral';
  return Number(last) === 7 || Number(last) > 8 ? 'light' : 'dark';
}
