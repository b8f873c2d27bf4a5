import { parseSettingKey } from '../../core/settings/key.ts';
import { DEFAULT_PROFILE, isProfileSetting } from '../../core/settings/profiles.ts';
import { type SettingKey, SETTINGS } from '../../core/settings/settings.ts';
import type { SettingSpec } from '../../core/settings/spec.ts';
import { usageError } from '../../errors.ts';
import type { CommandInput } from '../register.ts';
import type { JsonFlags } from '../with-json.ts';
import { missingValue } from './config-options.ts';

export interface ListProfilesOptions {
  isJson: boolean;
}

export interface ShowProfileOptions extends ListProfilesOptions {
  /** Undefined: the selected one. */
  name: string | undefined;
}

export interface SetInProfileOptions {
  name: string;
  /** Undefined: only create the profile. */
  setting: { key: SettingKey; value: unknown } | undefined;
}

export interface UnsetInProfileOptions {
  name: string;
  keys: readonly SettingKey[];
}

export function parseProfiles({ options }: CommandInput<JsonFlags>): ListProfilesOptions {
  return { isJson: options.json === true };
}

export function parseShowProfile({ words: [name], options }: CommandInput<JsonFlags>): ShowProfileOptions {
  return { name: name?.trim(), isJson: options.json === true };
}

export function parseUseProfile({ words: [word = ''] }: CommandInput): string {
  return SETTINGS.profile.parse(word);
}

/** Throws a usage error for a setting that no profile has, for a secret, and for a value that the setting does not accept. */
export function parseSetInProfile({ words: [word = '', key, ...values] }: CommandInput): SetInProfileOptions {
  const name = parseProfileName(word);
  if (key === undefined) return { name, setting: undefined };
  if (values.length === 0) throw missingValue(key, `orx profile set ${name}`, `orx profile unset ${name}`);
  return { name, setting: parseProfileSetting(name, key, values.join(' ')) };
}

export function parseUnsetInProfile({ words: [word = '', ...keys] }: CommandInput): UnsetInProfileOptions {
  return { name: parseProfileName(word), keys: keys.map(parseSettingKey) };
}

export function parseDeleteProfile({ words: [word = ''] }: CommandInput): string {
  return parseProfileName(word);
}

/** Returns the name of a profile that can hold settings. */
function parseProfileName(text: string): string {
  const name = SETTINGS.profile.parse(text);
  if (name !== DEFAULT_PROFILE) return name;
  throw usageError(
    `the profile ${DEFAULT_PROFILE} is the stored settings alone`,
    'list the stored settings: orx --profile default config list',
  );
}

function parseProfileSetting(name: string, word: string, text: string): { key: SettingKey; value: unknown } {
  const key = parseSettingKey(word);
  const spec = SETTINGS[key] as SettingSpec<unknown>;
  if (spec.secret === true) {
    throw usageError(
      `${key} cannot be set on the command line, where other processes can read it`,
      `store the key of the profile: orx --profile ${name} auth login`,
    );
  }
  // They are for the base URL in force, which is that of the selected profile.
  if (key === 'headers')
    throw usageError('headers belong to a base URL', `store them: orx --profile ${name} config set headers "NAME: VALUE"`);
  if (!isProfileSetting(key))
    throw usageError(`${key} cannot be set in a profile`, `see its value, which applies to all profiles: orx config get ${key}`);
  return { key, value: spec.parse(text) };
}
