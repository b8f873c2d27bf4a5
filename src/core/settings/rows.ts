import { OrxError } from '../../errors.ts';
import { settingText } from './setting-text.ts';
import { withoutLogin } from './parsers.ts';
import { SETTING_KEYS, SETTINGS, type ResolvedSettings, type SettingKey } from './settings.ts';
import type { SettingSource, SettingSpec } from './spec.ts';

/** One setting in force, as `orx config list --json` shows it. Nothing in it is secret. */
export interface SettingRow {
  key: SettingKey;
  /** The parsed value, or what was given where `error` says that it cannot be used; null when there is none; a secret masked. */
  value: unknown;
  source: SettingSource;
  /** The environment variable, when it is the source. */
  name?: string;
  /** Why the value cannot be used. */
  error?: string;
}

type Mask = (secret: string) => string;

/** A row for each setting, in the order of their table. `mask` shortens what is secret. */
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

/** The row of one setting. Throws the usage error of a value that cannot be used. */
export function settingRow({ values, sources }: ResolvedSettings, key: SettingKey, mask: Mask): SettingRow {
  return { key, value: shownValue(key, values[key], mask), ...sources[key] };
}

/** A row's value for people; empty when there is none. */
export function rowText({ value, error }: SettingRow): string {
  if (error !== undefined) return typeof value === 'string' ? value : JSON.stringify(value);
  return value === null ? '' : settingText(value);
}

function shownValue(key: SettingKey, value: unknown, mask: Mask): unknown {
  if (value === undefined) return null;
  if ((SETTINGS[key] as SettingSpec<unknown>).secret === true) return mask(String(value));
  return key === 'proxy' ? withoutPassword(String(value)) : value;
}

// It did not pass its rule: it may be anything, and a password may stand anywhere in it.
function givenValue(key: SettingKey, given: unknown, mask: Mask): unknown {
  if ((SETTINGS[key] as SettingSpec<unknown>).secret === true) return mask(String(given));
  if (key !== 'proxy' && key !== 'base-url') return given;
  return withoutLogin(typeof given === 'string' ? given : JSON.stringify(given));
}

function withoutPassword(address: string): string {
  const url = new URL(address);
  return url.password === '' ? address : address.replace(/\/\/[^/]*@/, () => `//${url.username}:…@`);
}
