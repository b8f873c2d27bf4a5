import { usageError } from '../../errors.ts';
import { nearestWord } from '../text/near-names.ts';
import { commandWords } from './command-words.ts';
import type { SettingSpec } from './spec.ts';
import { blendParts, DEFAULT_BLEND } from './blend-text.ts';

// Each function returns or implements the parser of one setting: it turns text into a value, or throws a usage error that says what is accepted.
// See SettingSpec.parse.

/** Parses any text but an empty one. */
export function nonEmpty(key: string): (text: string) => string {
  return (text) => {
    if (text.trim() === '') throw usageError(`${key} is empty`);
    return text;
  };
}

/** Parses a name that the user chooses. */
export function shortName(key: string): (text: string) => string {
  return (text) => {
    const name = text.trim();
    if (!/^[\p{L}\p{N}][\p{L}\p{N} ._/@-]{0,63}$/u.test(name)) {
      throw usageError(`${key} must be a short name of letters, digits and . _ / @ -, not "${text}"`);
    }
    return name;
  };
}

// The key becomes a header, so it must not contain characters that end or split one. The message does not quote the key.
export function apiKey(text: string): string {
  const key = text.trim();
  if (key === '') throw usageError('the API key is empty');
  if (!/^[\x21-\x7e]+$/.test(key)) throw usageError('the API key contains an invalid character; check the pasted text');
  return key;
}

/** Parses the call of a program, which commandWords splits. */
export function programCall(text: string): string {
  commandWords(text);
  return text.trim();
}

export function flag(key: string): (text: string) => boolean {
  return (text) => {
    const word = text.trim().toLowerCase();
    if (['1', 'true', 'yes', 'on'].includes(word)) return true;
    if (['0', 'false', 'no', 'off', ''].includes(word)) return false;
    throw usageError(`${key} must be true or false, not "${text}"`);
  };
}

/** Returns the parts of a SettingSpec that accept one word of a list. */
export function oneOf<const T extends string>(key: string, choices: readonly T[]): Pick<SettingSpec<T>, 'choices' | 'parse'> {
  return { choices, parse: (text) => chosen(key, text, choices) };
}

/** Returns the parts of a SettingSpec that accept a comma-separated list of words from a list. */
export function someOf<const T extends string>(
  key: string,
  choices: readonly T[],
): Pick<SettingSpec<readonly T[]>, 'choices' | 'parse'> {
  const items = list(key);
  return { choices, parse: (text) => items(text).map((item) => chosen(key, item, choices)) };
}

/** Returns the word of the list that equals the text. Throws a usage error that lists all words and suggests the nearest one. */
export function chosen<const T extends string>(key: string, text: string, choices: readonly T[]): T {
  const hit = choices.find((one) => one === text.trim());
  if (hit !== undefined) return hit;
  const near = nearestWord(text.trim().toLowerCase(), choices);
  throw usageError(
    `${key} must be one of ${choices.join(', ')}, not "${text}"`,
    ...(near === undefined ? [] : [`did you mean ${near}?`]),
  );
}

export function list(key: string): (text: string) => readonly string[] {
  return (text) => {
    const items = text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '');
    if (items.length === 0) throw usageError(`${key} must be a comma-separated list, such as a,b`);
    return items;
  };
}

// Number() also accepts "", " ", "0x10" and "Infinity".
function decimalNumber(text: string): number {
  return /^\s*[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?\s*$/i.test(text) ? Number(text) : Number.NaN;
}

export function numberBetween(key: string, least: number, most: number): (text: string) => number {
  return (text) => {
    const value = decimalNumber(text);
    if (!(value >= least && value <= most)) {
      throw usageError(`${key} must be a number from ${least} to ${most}, not "${text}"`);
    }
    return value;
  };
}

export function wholeNumber(key: string, least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = decimalNumber(text);
    if (!Number.isSafeInteger(value) || value < least || value > most) {
      throw usageError(
        `${key} must be a whole number from ${least}${most === Number.MAX_SAFE_INTEGER ? '' : ` to ${most}`}, not "${text}"`,
      );
    }
    return value;
  };
}

/** Returns the address, which may be invalid, with everything replaced that may be a user name or a password. */
export function withoutLogin(text: string): string {
  return text.replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/is, (_, scheme: string | undefined) => `${scheme ?? ''}…@`);
}

export function httpUrl(key: string): (text: string) => string {
  return (text) => {
    const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
    if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
      throw usageError(`${key} must be an http or https URL, not "${withoutLogin(text)}"`);
    }
    if (url.username !== '' || url.password !== '') throw usageError(`${key} must not contain a user name or password`);
    if (/[?#]/.test(text)) throw usageError(`${key} must not contain ? or #`);
    return text.trim().replace(/\/+$/, '');
  };
}

export function proxyUrl(key: string): (text: string) => string {
  return (text) => {
    const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
    if (url === undefined || !['http:', 'https:', 'socks5:', 'socks5h:', 'socks:'].includes(url.protocol)) {
      throw usageError(`${key} must be an http, https or socks5 URL`);
    }
    return text.trim();
  };
}

// A line break in a header value would let a setting add other headers.
export function headerText(key: string): (text: string) => string {
  return (text) => {
    if (text.trim() === '' || !/^[\x20-\x7e]+$/.test(text)) throw usageError(`${key} must be printable ASCII text`);
    return text.trim();
  };
}

// The API silently drops categories beyond its limits of number, length and characters. Source: the API's guide to app attribution.
export function categories(key: string): (text: string) => string {
  const items = list(key);
  return (text) => {
    const names = items(text);
    if (names.length > 2) throw usageError(`${key} accepts at most two categories, not ${names.length}`);
    const bad = names.find((name) => !/^[a-z0-9-]{1,30}$/.test(name));
    if (bad !== undefined) {
      throw usageError(`${key} accepts names of at most 30 lower-case letters, digits and hyphens, not "${bad}"`);
    }
    return names.join(',');
  };
}

export function pricePair(key: string): (text: string) => { prompt: string; completion: string } {
  return (text) => {
    const match = /^\s*(\d+(?:\.\d+)?)\s*,\s*(\d+(?:\.\d+)?)\s*$/.exec(text);
    if (match === null) throw usageError(`${key} must be two prices, such as 0.5,1.5 (USD per million input and output tokens)`);
    return { prompt: match[1]!, completion: match[2]! };
  };
}

// The value stays text: computing with it requires the decimal library, which not every command loads.
export function usdAmount(key: string): (text: string) => string {
  return (text) => {
    const [, amount] = /^\s*\$?(\d{1,9}(?:\.\d{1,12})?)\s*$/.exec(text) ?? [];
    if (amount === undefined) throw usageError(`${key} must be an amount in USD, such as 0.50, not "${text}"`);
    return amount;
  };
}

// The value stays text: parsing it requires the decimal library, which not every command loads.
export function blend(key: string): (text: string) => string {
  return (text) => {
    if (blendParts(text) === undefined) {
      throw usageError(`${key} must be a ratio of input to output, such as ${DEFAULT_BLEND}, not "${text}"`);
    }
    return text.replace(/\s/g, '');
  };
}

const ALIAS = /^[a-z0-9][a-z0-9._-]{0,39}$/i;

/** Parses the name of an alias: letters, digits, `.`, `_` and `-`, none of the separators of ids. Throws a usage error. */
export function aliasName(text: string): string {
  if (ALIAS.test(text)) return text.toLowerCase();
  throw usageError(
    `an alias must be a word of letters, digits, ".", "_" and "-", not "${text}"`,
    'choose a short name: orx alias add NAME MODEL',
  );
}

export function aliases(key: string): (text: string) => Readonly<Record<string, string>> {
  const items = list(key);
  return (text) =>
    Object.fromEntries(
      items(text).map((item) => {
        const sign = item.indexOf('=');
        const model = item.slice(sign + 1).trim();
        if (sign < 1 || model === '') throw usageError(`${key} must be a comma-separated list of name=model, not "${item}"`);
        return [aliasName(item.slice(0, sign).trim()), model];
      }),
    );
}
