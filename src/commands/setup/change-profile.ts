import { DEFAULT_PROFILE, PROFILES_KEY, requireProfile, storedProfiles } from '../../core/settings/profiles.ts';
import type { Context } from '../context.ts';
import { forgetKeys } from './store-key.ts';

type Values = Readonly<Record<string, unknown>>;

/**
 * Stores the result of `work` for the values of a profile, with no other process in between; undefined removes the profile. With `creates`, a
 * profile that does not exist has no values; otherwise it is a usage error. Returns the path of the settings file.
 */
export async function changeProfile(
  context: Context,
  name: string,
  work: (values: Values) => Values | undefined,
  { creates = false }: { creates?: boolean } = {},
): Promise<string> {
  const store = await context.stores.openSettings();
  await store.update(PROFILES_KEY, (stored) => {
    const profiles = storedProfiles({ [PROFILES_KEY]: stored });
    const before = creates ? (profiles.get(name) ?? {}) : requireProfile(name, profiles);
    const after = work(before);
    const all = Object.fromEntries([...profiles].filter(([one]) => one !== name));
    if (after !== undefined) all[name] = after;
    return Object.keys(all).length === 0 ? undefined : all;
  });
  return store.path;
}

/** Returns the values without some keys. */
export function withoutKeysOf(values: Values, keys: readonly string[]): Values {
  return Object.fromEntries(Object.entries(values).filter(([key]) => !keys.includes(key)));
}

/** Removes settings from a profile, and keys from the system keychain to which they refer. */
export async function removeFromProfile(context: Context, name: string, keys: readonly string[]): Promise<void> {
  let removed: readonly unknown[] = [];
  await changeProfile(context, name, (values) => {
    removed = keys.map((key) => values[key]);
    return withoutKeysOf(values, keys);
  });
  await forgetKeys(removed, context);
}

/** The profile that a command changes, and whether the user typed its name. */
export interface ChangedProfile {
  name: string;
  isTyped: boolean;
}

/** Returns the name of the selected profile, which holds settings; undefined for the stored settings. Throws a usage error for an unknown one. */
export function profileToChange(context: Context): ChangedProfile | undefined {
  const { selected, stored } = context.stores.profiles();
  requireProfile(selected.name, stored);
  return selected.name === DEFAULT_PROFILE ? undefined : { name: selected.name, isTyped: selected.source === 'flag' };
}
