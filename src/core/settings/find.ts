import { OrxError, usageError } from '../../errors.ts';
import type { SettingSpec } from './spec.ts';
import type { SettingInputs, SettingKey } from './settings.ts';

/** The settings whose values are objects. */
const OBJECTS: ReadonlySet<SettingKey> = new Set(['max-price', 'aliases']);

/** Where a value was found. */
export type FoundSetting =
  | { source: 'flag' | 'default'; value: unknown }
  | { source: 'environment'; name: string; unparsed: string; parse: () => unknown }
  | { source: 'file'; unparsed: unknown; parse: () => unknown };

/** Where one setting is set, by its specification. Apart from the table of all of them, for whoever wants one in a hurry. Throws for a bad flag. */
export function findSetting(key: SettingKey, spec: SettingSpec<unknown>, inputs: SettingInputs): FoundSetting {
  const typed = spec.flags === undefined ? undefined : inputs.flags[key];
  if (typed !== undefined) {
    return { value: typeof typed === 'string' ? parseFrom(spec, typed, `flag --${key}`) : typed, source: 'flag' };
  }
  for (const name of spec.env ?? []) {
    const text = inputs.env[name];
    if (text !== undefined && text !== '') {
      const parse = (): unknown => parseFrom(spec, text, `environment variable ${name}`);
      return { source: 'environment', name, unparsed: text, parse };
    }
  }
  const stored = inputs.file[key];
  if (stored !== undefined && stored !== null) {
    return { source: 'file', unparsed: stored, parse: () => parseStored(key, spec, stored) };
  }
  return { value: spec.default, source: 'default' };
}

/** A setting as text that its own rule reads back: what `orx config set` takes and `orx config get` prints. */
export function settingText(value: unknown): string {
  if (Array.isArray(value)) return value.join(',');
  if (isPricePair(value)) return `${String(value.prompt)},${String(value.completion)}`;
  if (isObject(value))
    return Object.entries(value)
      .map(([name, text]) => `${name}=${String(text)}`)
      .join(',');
  return String(value);
}

// The file may have been edited by hand: a list may stand there as a comma text, and a value of a type of its own is no text.
export function parseStored(key: SettingKey, spec: SettingSpec<unknown>, stored: unknown): unknown {
  const mend =
    spec.secret === true
      ? 'remove it: orx auth logout'
      : `set it again: orx config set ${key} … — or remove it: orx config unset ${key}`;
  const parts = Array.isArray(stored) ? stored : OBJECTS.has(key) && isObject(stored) ? Object.values(stored) : [stored];
  if (parts.some((part) => typeof part === 'object')) {
    throw usageError(`${key} holds something that is no value of it (stored setting ${key})`, mend);
  }
  return parseFrom(spec, settingText(stored), `stored setting ${key}`, mend);
}

/** Two numbers: what has other texts under these names are aliases. */
function isPricePair(value: unknown): value is { prompt: unknown; completion: unknown } {
  return isObject(value) && [value['prompt'], value['completion']].every((price) => /^[\d.]+$/.test(String(price)));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseFrom(spec: SettingSpec<unknown>, text: string, place: string, mend?: string): unknown {
  try {
    return spec.parse(text);
  } catch (error) {
    if (!(error instanceof OrxError)) throw error;
    throw new OrxError(`${error.message} (${place})`, {
      kind: error.kind,
      hints: mend === undefined ? error.hints : [...error.hints, mend],
      cause: error,
    });
  }
}
