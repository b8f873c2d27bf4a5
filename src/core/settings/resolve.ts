import { findSetting, parseStored } from './find.ts';
import type { SettingSpec } from './spec.ts';
import {
  SETTING_KEYS,
  SETTINGS,
  type ResolvedSettings,
  type SettingInputs,
  type SettingKey,
  type Settings,
  type SettingSource,
} from './settings.ts';

/**
 * Settings in force: flag, then environment, then file, then default. Text is parsed by the setting's own rule. A bad flag throws
 * at once: it was typed for this call. A bad value of the environment or the file throws when it is read. An empty environment
 * variable counts as not set.
 */
export function resolveSettings(inputs: SettingInputs): ResolvedSettings {
  const values = {};
  const sources: Record<string, { source: SettingSource; name?: string }> = {};
  const unparsed: Partial<Record<SettingKey, unknown>> = {};
  const beaten = beatenSettings(inputs);
  for (const key of SETTING_KEYS) {
    const its = beaten.has(key) ? { ...inputs, env: {}, file: {} } : inputs;
    const match = findSetting(key, SETTINGS[key] as SettingSpec<unknown>, its);
    sources[key] = match.source === 'environment' ? { source: match.source, name: match.name } : { source: match.source };
    if ('parse' in match) {
      unparsed[key] = match.unparsed;
      defineLazily(values, key, match.parse);
    } else Object.defineProperty(values, key, { value: match.value, enumerable: true });
  }
  return { values: values as Settings, sources: sources as ResolvedSettings['sources'], unparsed };
}

/** A flag, and the setting that it excludes: `--base-url` names an API, which the sandbox is not. */
const EXCLUDES: readonly (readonly [flag: SettingKey, excluded: SettingKey])[] = [
  ['effort', 'reasoning-tokens'],
  ['reasoning-tokens', 'effort'],
  ['base-url', 'sandbox'],
];

/** Settings whose environment and file do not count, because a flag was typed that excludes them. */
function beatenSettings({ flags }: SettingInputs): ReadonlySet<SettingKey> {
  return new Set(EXCLUDES.filter(([flag]) => flags[flag] !== undefined).map(([, excluded]) => excluded));
}

/** Reads these, so that a bad one is known before anything is drawn, sent or billed. Throws the first one's usage error. */
export function checkSettings(settings: Settings, keys: readonly SettingKey[]): void {
  for (const key of keys) void settings[key];
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

/** The value that the file holds for a setting, read by its rule; undefined when there is none. Throws a usage error. */
export function storedValue<K extends SettingKey>(key: K, stored: unknown): Settings[K] | undefined {
  if (stored === undefined || stored === null) return undefined;
  return parseStored(key, SETTINGS[key] as SettingSpec<unknown>, stored) as Settings[K];
}
