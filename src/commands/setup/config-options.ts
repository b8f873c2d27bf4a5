import { parseSettingKey } from '../../core/settings/key.ts';
import type { ResolvedSettings, SettingKey } from '../../core/settings/settings.ts';
import { SETTINGS } from '../../core/settings/settings.ts';
import type { SettingSpec } from '../../core/settings/spec.ts';
import { type OrxError, usageError } from '../../errors.ts';
import type { CommandInput } from '../register.ts';
import type { JsonFlags } from '../with-json.ts';
import type { ListSettingsFlags } from './flags.ts';

export interface GetOptions {
  key: SettingKey;
  resolved: ResolvedSettings;
  isJson: boolean;
}

export interface SetOptions {
  key: SettingKey;
  value: unknown;
}

export interface ListOptions {
  resolved: ResolvedSettings;
  isJson: boolean;
  /** Include settings without a value. */
  isAll: boolean;
}

export function parseGet({ words: [word = ''], options, resolved }: CommandInput<JsonFlags>): GetOptions {
  return { key: parseSettingKey(word), resolved, isJson: options.json === true };
}

/** Parses the arguments. Throws a usage error for a secret, and for a value that the setting does not accept. */
export function parseSet({ words: [word = '', ...values] }: CommandInput): SetOptions {
  if (values.length === 0) throw missingValue(word, 'orx config set', 'orx config unset');
  const key = parseSettingKey(word);
  const spec = SETTINGS[key] as SettingSpec<unknown>;
  if (spec.secret === true) {
    throw usageError(
      `${key} cannot be set on the command line, where other processes can read it`,
      'store the key: orx auth login',
    );
  }
  return { key, value: spec.parse(values.join(' ')) };
}

/**
 * Returns the error for a setting without a value. `set` and `unset` are the commands of the place in which it is stored. `KEY=VALUE` is a
 * common mistake.
 */
export function missingValue(word: string, set: string, unset: string): OrxError {
  const [key, value] = word.split(/=(.*)/s, 2);
  return usageError(
    `no value for ${key}`,
    value === undefined ? `to remove it: ${unset} ${key}` : `write the value as a separate word: ${set} ${key} VALUE`,
  );
}

export function parseUnset({ words }: CommandInput): readonly SettingKey[] {
  return words.map(parseSettingKey);
}

export function parseListSettings({ options, resolved }: CommandInput<ListSettingsFlags & JsonFlags>): ListOptions {
  return { resolved, isJson: options.json === true, isAll: options.all === true };
}
