import { usageError } from '../../errors.ts';
import { PARAMETER_KEYS } from '../settings/parameters.ts';
import { nearestWord } from '../text/near-names.ts';

/** Values of `--vary` that are not parameters. */
const TEXT_KEYS = ['system', 'template', 'prompt'] as const;
export const VARY_KEYS: readonly string[] = [...TEXT_KEYS, ...PARAMETER_KEYS];

/** One `--vary`: what changes, and its values as typed. `@FILE` (system and prompt) is not read yet. */
export interface Variation {
  key: string;
  values: readonly string[];
}

/**
 * Parses the values of `--vary`: `temperature=0,0.7,1`, or a JSON list for values that contain commas. Several of one key add
 * values to it. Throws a usage error.
 */
export function parseVariations(texts: readonly string[]): Variation[] {
  const values = new Map<string, string[]>();
  for (const text of texts) {
    const at = text.indexOf('=');
    const key = text.slice(0, Math.max(0, at)).trim().replace(/^--/, '');
    if (at === -1 || key === '') throw usageError(`--vary must be KEY=VALUE,VALUE, not "${text}"`, EXAMPLE);
    if (!VARY_KEYS.includes(key)) throw unknownKey(key);
    const list = valuesOf(key, text.slice(at + 1));
    values.set(key, [...(values.get(key) ?? []), ...list]);
  }
  return [...values].map(([key, list]) => ({ key, values: [...new Set(list)] }));
}

const EXAMPLE = 'vary a parameter: --vary temperature=0,0.7,1';

function unknownKey(key: string): Error {
  if (key === 'model') return usageError('--vary model is not supported', 'name several models: -m MODEL,MODEL');
  const near = nearestWord(key, VARY_KEYS);
  return usageError(
    `--vary does not support "${key}"`,
    ...(near === undefined ? [] : [`did you mean ${near}?`]),
    'list the parameters: orx chat --help-all',
  );
}

function valuesOf(key: string, text: string): string[] {
  const list = text.trimStart().startsWith('[') ? jsonList(key, text) : text.split(',').map((value) => value.trim());
  const given = list.filter((value) => value !== '');
  if (given.length === 0) throw usageError(`--vary ${key} has no values`, EXAMPLE);
  return given;
}

function jsonList(key: string, text: string): string[] {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    throw usageError(`--vary ${key} is not a valid JSON list`, 'write it as ["one","two"], in quotes for the shell');
  }
  // JSON has other values than a flag's text: numbers are as good as their text.
  if (Array.isArray(list) && list.every((value) => typeof value === 'string' || typeof value === 'number'))
    return list.map(String);
  throw usageError(`--vary ${key} must be a JSON list of strings or numbers`);
}

/** Returns every combination with one value of each list; the last list changes fastest. One empty combination without lists. */
export function combinations<T>(lists: readonly (readonly T[])[]): T[][] {
  return lists.reduce<T[][]>((all, list) => all.flatMap((before) => list.map((value) => [...before, value])), [[]]);
}
