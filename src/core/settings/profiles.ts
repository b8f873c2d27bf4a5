import { usageError } from '../../errors.ts';
import { nearestWord } from '../text/near-names.ts';
import { parseStored, type SettingLayer } from './layers.ts';
import type { SettingKey } from './settings.ts';
import type { SettingSource } from './spec.ts';

type Environment = Readonly<Record<string, string | undefined>>;
type StoredValues = Readonly<Record<string, unknown>>;

/** The stored settings alone: it always exists, and holds nothing. */
export const DEFAULT_PROFILE = 'default';
/** The key of the settings file that has all profiles. */
export const PROFILES_KEY = 'profiles';

/** The environment variable that selects a profile. */
const VARIABLE = 'ORX_PROFILE';
/**
 * Settings that no profile has: the choice of the profile itself, names that all profiles share, and what permits to lower the stored data
 * policy.
 */
const COMMON: ReadonlySet<SettingKey> = new Set(['profile', 'aliases', 'favorites', 'allow-data-collection']);

/** The selected profile, which may not exist, and what selected it. */
export interface SelectedProfile {
  name: string;
  source: Extract<SettingSource, 'flag' | 'environment' | 'file' | 'default'>;
}

/** Returns whether a profile may have the setting. */
export function isProfileSetting(key: SettingKey): boolean {
  return !COMMON.has(key);
}

/** Returns the profiles of the settings file, sorted by name, with their values. Ignores what is not an object. */
export function storedProfiles(file: StoredValues): ReadonlyMap<string, StoredValues> {
  const stored = file[PROFILES_KEY];
  const entries = Object.entries(isObject(stored) ? stored : {})
    .filter((entry): entry is [string, StoredValues] => isObject(entry[1]) && entry[0] !== DEFAULT_PROFILE)
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
  return new Map(entries);
}

/** Returns the profile that the flag, the variable or the settings file selects. An empty text selects none. */
export function selectedProfile(typed: unknown, env: Environment, file: StoredValues): SelectedProfile {
  const given = [
    [typed, 'flag'],
    [env[VARIABLE], 'environment'],
    [file['profile'], 'file'],
  ] as const;
  const found = given.find(([name]) => typeof name === 'string' && name.trim() !== '');
  return found === undefined ? { name: DEFAULT_PROFILE, source: 'default' } : { name: String(found[0]).trim(), source: found[1] };
}

/** Returns the values of a profile; `default` has no values. Throws a usage error that lists the profiles if the name is unknown. */
export function requireProfile(name: string, profiles: ReadonlyMap<string, StoredValues>): StoredValues {
  if (name === DEFAULT_PROFILE) return {};
  const values = profiles.get(name);
  if (values !== undefined) return values;
  const names = [DEFAULT_PROFILE, ...profiles.keys()];
  const near = nearestWord(name, names);
  throw usageError(
    `unknown profile "${name}"`,
    ...(profiles.size === 0
      ? []
      : [near === undefined ? `use one of ${names.join(', ')}` : `did you mean ${near}? There is ${names.join(', ')}`]),
    'create it: orx profile set NAME',
    'use none: orx profile use default',
  );
}

/** Returns the layer of the selected profile for tab completion: an unknown profile has no values. */
export function selectedProfileLayer(flags: StoredValues, env: Environment, file: StoredValues): SettingLayer {
  const { name } = selectedProfile(flags['profile'], env, file);
  return profileLayer(name, storedProfiles(file).get(name) ?? {});
}

/** The values of a profile, which are parsed as in the settings file. */
export function profileLayer(name: string, values: StoredValues): SettingLayer {
  return {
    source: 'profile',
    find(key, spec) {
      const stored = isProfileSetting(key) ? values[key] : undefined;
      if (stored === undefined || stored === null) return undefined;
      const fix =
        spec.secret === true ? `remove it: orx --profile ${name} auth logout` : `remove it: orx profile unset ${name} ${key}`;
      return { name, unparsed: stored, parse: () => parseStored(key, spec, stored, { place: `profile ${name}`, fix }) };
    },
  };
}

/** The key of a profile that was typed: it wins over a key of the environment, which may belong to another account. */
export function profileKeyLayer(layer: SettingLayer): SettingLayer {
  return { source: layer.source, find: (key, spec) => (key === 'api-key' ? layer.find(key, spec) : undefined) };
}

function isObject(value: unknown): value is StoredValues {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
