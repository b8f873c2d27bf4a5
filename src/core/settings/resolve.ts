import { withFloor } from './floors.ts';
import { withAllHeaders } from './headers/header-layers.ts';
import { findSetting, isExplicit, parseStored, type SettingLayer } from './layers.ts';
import type { SettingSpec } from './spec.ts';
import { SETTING_KEYS, SETTINGS, type ResolvedSettings, type SettingKey, type Settings } from './settings.ts';

/**
 * Returns the settings in effect and the source of each: the highest layer that has a value. Each setting parses its own text: immediately in an
 * explicit layer, in the others when the value is first read.
 */
export function resolve(layers: readonly SettingLayer[]): ResolvedSettings {
  const values = {};
  const sources: Record<string, ResolvedSettings['sources'][SettingKey]> = {};
  const unparsed: Partial<Record<SettingKey, unknown>> = {};
  for (const key of SETTING_KEYS) {
    const match = findSetting(key, SETTINGS[key] as SettingSpec<unknown>, layersOf(key, layers));
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

/** Returns the layers that apply to a setting. */
function layersOf(key: SettingKey, layers: readonly SettingLayer[]): readonly SettingLayer[] {
  return withAllHeaders(key, withFloor(key, notExcluded(key, layers)));
}

/** Settings that exclude each other: `--base-url` names an API, and the sandbox is not one. */
const EXCLUDES: readonly (readonly [key: SettingKey, excluded: SettingKey])[] = [
  ['effort', 'reasoning-tokens'],
  ['reasoning-tokens', 'effort'],
  ['base-url', 'sandbox'],
];

/**
 * Returns the layers that apply to a setting. If an explicit layer or a profile sets a setting that excludes it, of the lower layers only the
 * defaults apply.
 */
function notExcluded(key: SettingKey, layers: readonly SettingLayer[]): readonly SettingLayer[] {
  const rivals = EXCLUDES.filter(([, excluded]) => excluded === key).map(([rival]) => rival);
  if (rivals.length === 0) return layers;
  const last = layers.findIndex(
    ({ source, find }) =>
      (isExplicit(source) || source === 'profile') &&
      rivals.some((rival) => find(rival, SETTINGS[rival] as SettingSpec<unknown>) !== undefined),
  );
  return last === -1 ? layers : layers.filter(({ source }, index) => index <= last || source === 'default');
}

/**
 * Reads these settings, so that an invalid one is reported before anything is drawn, sent or charged. Throws the usage error of the first
 * invalid one.
 */
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

/** Parses the stored value of a setting; undefined if there is none. Throws a usage error. */
export function storedValue<K extends SettingKey>(key: K, stored: unknown): Settings[K] | undefined {
  if (stored === undefined || stored === null) return undefined;
  return parseStored(key, SETTINGS[key] as SettingSpec<unknown>, stored) as Settings[K];
}
