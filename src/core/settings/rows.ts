import { OrxError } from '../../errors.ts';
import { type ExtraHeader, HIDDEN, hiddenHeaderText } from './headers/extra-headers.ts';
import { IN_KEYCHAIN } from './keys/keychain-reference.ts';
import { settingText } from './setting-text.ts';
import { withoutLogin } from './parsers.ts';
import { SETTING_KEYS, SETTINGS, type ResolvedSettings, type SettingKey } from './settings.ts';
import type { SettingSource, SettingSpec } from './spec.ts';

/** One setting in effect, as `orx config list --json` shows it. It contains no secrets. */
export interface SettingRow {
  key: SettingKey;
  /** The parsed value; the original one if `error` is set; null if there is none. A secret is masked. */
  value: unknown;
  source: SettingSource;
  /** The environment variable, the profile or the path of the project file, if it is the source. */
  name?: string;
  /** Why the value is invalid. */
  error?: string;
}

type Mask = (secret: string) => string;

/** Returns a row for each setting, in the order of the table. `mask` shortens secrets. */
export function settingRows(resolved: ResolvedSettings, mask: Mask): SettingRow[] {
  return SETTING_KEYS.map((key) => {
    try {
      return settingRow(resolved, key, mask);
    } catch (error) {
      if (!(error instanceof OrxError)) throw error;
      const value = givenValue(key, resolved.unparsed[key], mask);
      return { key, value, ...resolved.sources[key], error: error.message };
    }
  });
}

/** Returns the row of one setting. Throws a usage error if its value is invalid. */
export function settingRow({ values, sources }: ResolvedSettings, key: SettingKey, mask: Mask): SettingRow {
  const value = NOT_READ[sources[key].source] ?? shownValue(key, values[key], mask);
  return { key, value, ...sources[key] };
}

/** Returns a row's value for display; empty if there is none. */
export function rowText({ value, error }: SettingRow): string {
  if (error !== undefined) return typeof value === 'string' ? value : JSON.stringify(value);
  return value === null ? '' : settingText(value);
}

/** A key that is not read for a list: that would run the command, or ask the user to unlock the keychain. */
const NOT_READ: Partial<Record<SettingSource, string>> = { command: '(printed by key-command)', keychain: IN_KEYCHAIN };

function shownValue(key: SettingKey, value: unknown, mask: Mask): unknown {
  if (value === undefined) return null;
  if ((SETTINGS[key] as SettingSpec<unknown>).secret === true) return mask(String(value));
  if (key === 'headers') return (value as readonly ExtraHeader[]).map(hiddenHeaderText);
  return key === 'proxy' ? withoutPassword(String(value)) : value;
}

// The value is invalid, so a password may be anywhere in it.
function givenValue(key: SettingKey, given: unknown, mask: Mask): unknown {
  if ((SETTINGS[key] as SettingSpec<unknown>).secret === true) return mask(String(given));
  if (key === 'headers') return HIDDEN;
  if (key !== 'proxy' && key !== 'base-url') return given;
  return withoutLogin(typeof given === 'string' ? given : JSON.stringify(given));
}

function withoutPassword(address: string): string {
  const url = new URL(address);
  return url.password === '' ? address : address.replace(/\/\/[^/]*@/, () => `//${url.username}:…@`);
}
