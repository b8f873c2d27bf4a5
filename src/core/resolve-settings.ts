import { OrxError, usageError } from '../errors.ts';
import {
  SETTING_KEYS,
  SETTINGS,
  type ResolvedSettings,
  type SettingInputs,
  type SettingKey,
  type Settings,
  type SettingSource,
} from './settings.ts';
import type { SettingSpec } from './setting-spec.ts';

/** The settings whose values are objects. */
const OBJECTS: ReadonlySet<SettingKey> = new Set(['max-price', 'aliases']);

/** Where a value was found. */
type Found =
  | { source: 'flag' | 'default'; value: unknown }
  | { source: 'environment'; name: string; unparsed: string; parse: () => unknown }
  | { source: 'file'; unparsed: unknown; parse: () => unknown };

/**
 * Settings in force: flag, then environment, then file, then default. Text is parsed by the setting's own rule. A bad flag throws
 * at once: it was typed for this call. A bad value of the environment or the file throws when it is read. An empty environment
 * variable counts as not set.
 */
export function resolveSettings(inputs: SettingInputs): ResolvedSettings {
  const values = {};
  const sources: Record<string, { source: SettingSource; name?: string }> = {};
  const unparsed: Partial<Record<SettingKey, unknown>> = {};
  for (const key of SETTING_KEYS) {
    const found = findOne(key, SETTINGS[key] as SettingSpec<unknown>, inputs);
    sources[key] = found.source === 'environment' ? { source: found.source, name: found.name } : { source: found.source };
    if ('parse' in found) {
      unparsed[key] = found.unparsed;
      defineLazily(values, key, found.parse);
    } else Object.defineProperty(values, key, { value: found.value, enumerable: true });
  }
  return { values: values as Settings, sources: sources as ResolvedSettings['sources'], unparsed };
}

/** Reads these, so that a bad one is known before anything is drawn, sent or billed. Throws the first one's usage error. */
export function checkSettings(settings: Settings, keys: readonly SettingKey[]): void {
  for (const key of keys) void settings[key];
}

function findOne(key: SettingKey, spec: SettingSpec<unknown>, inputs: SettingInputs): Found {
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

function defineLazily(values: object, key: SettingKey, parse: () => unknown): void {
  Object.defineProperty(values, key, {
    enumerable: true,
    configurable: true,
    get() {
      const value = parse();
      Object.defineProperty(values, key, { value, enumerable: true });
      return value;
    },
  });
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

/** The value that the file holds for a setting, read by its rule; undefined when there is none. Throws a usage error. */
export function storedValue<K extends SettingKey>(key: K, stored: unknown): Settings[K] | undefined {
  if (stored === undefined || stored === null) return undefined;
  return parseStored(key, SETTINGS[key] as SettingSpec<unknown>, stored) as Settings[K];
}

// The file may have been edited by hand: a list may stand there as a comma text, and a value of a type of its own is no text.
function parseStored(key: SettingKey, spec: SettingSpec<unknown>, stored: unknown): unknown {
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
