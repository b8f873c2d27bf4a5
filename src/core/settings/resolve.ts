import { findSetting, isExplicit, parseStored, type SettingLayer } from './layers.ts';
import type { SettingSpec } from './spec.ts';
import { SETTING_KEYS, SETTINGS, type ResolvedSettings, type SettingKey, type Settings } from './settings.ts';

/**
 * Settings in force, each from the strongest layer that has a value for it, and which layer that was. Text is parsed by the setting's own
 * rule: in an explicit layer at once, in the others when the value is read first.
 */
export function resolve(layers: readonly SettingLayer[]): ResolvedSettings {
  const values = {};
  const sources: Record<string, ResolvedSettings['sources'][SettingKey]> = {};
  const unparsed: Partial<Record<SettingKey, unknown>> = {};
  for (const key of SETTING_KEYS) {
    const match = findSetting(key, SETTINGS[key] as SettingSpec<unknown>, notExcluded(key, layers));
    const { source } = match;
    if ('parse' in match) {
      const { name, parse } = match;
      sources[key] = name === undefined ? { source } : { source, name };
      unparsed[key] = match.unparsed;
      defineLazily(values, key, parse);
    } else {
      sources[key] = { source };
      Object.defineProperty(values, key, { value: match.value, enumerable: true });
    }
  }
  return { values: values as Settings, sources: sources as ResolvedSettings['sources'], unparsed };
}

/** A setting, and the one that it excludes: `--base-url` names an API, which the sandbox is not. */
const EXCLUDES: readonly (readonly [key: SettingKey, excluded: SettingKey])[] = [
  ['effort', 'reasoning-tokens'],
  ['reasoning-tokens', 'effort'],
  ['base-url', 'sandbox'],
];

/** The layers that count for a setting: of those below an explicit layer that sets what excludes it, only the defaults. */
function notExcluded(key: SettingKey, layers: readonly SettingLayer[]): readonly SettingLayer[] {
  const rivals = EXCLUDES.filter(([, excluded]) => excluded === key).map(([rival]) => rival);
  if (rivals.length === 0) return layers;
  const last = layers.findIndex(
    ({ source, find }) =>
      isExplicit(source) && rivals.some((rival) => find(rival, SETTINGS[rival] as SettingSpec<unknown>) !== undefined),
  );
  return last === -1 ? layers : layers.filter(({ source }, index) => index <= last || source === 'default');
}

/** Reads these, so that a bad one is known before anything is drawn, sent or billed. Throws the first one's usage error. */
export function checkSettings<K extends SettingKey>(settings: Pick<Settings, K>, keys: readonly K[]): void {
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
