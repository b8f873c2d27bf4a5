import { settingText } from './resolve-settings.ts';
import {
  SETTING_KEYS,
  SETTINGS,
  type ResolvedSettings,
  type SettingKey,
  type SettingSource,
  type SettingSpec,
} from './settings.ts';

/** One setting in force, as `orx config list --json` shows it. Nothing in it is secret. */
export interface SettingRow {
  key: SettingKey;
  /** The parsed value; null when there is none; a secret masked. */
  value: unknown;
  source: SettingSource;
  /** The environment variable, when it is the source. */
  name?: string;
}

/** A row for each setting, in the order of their table. `mask` shortens what is secret. */
export function settingRows({ values, sources }: ResolvedSettings, mask: (secret: string) => string): SettingRow[] {
  return SETTING_KEYS.map((key) => ({ key, value: shownValue(key, values[key], mask), ...sources[key] }));
}

/** A row's value for people; empty when there is none. */
export function rowText(row: SettingRow): string {
  return row.value === null ? '' : settingText(row.value);
}

function shownValue(key: SettingKey, value: unknown, mask: (secret: string) => string): unknown {
  if (value === undefined) return null;
  if ((SETTINGS[key] as SettingSpec<unknown>).secret === true) return mask(String(value));
  return key === 'proxy' ? withoutPassword(String(value)) : value;
}

function withoutPassword(address: string): string {
  const url = new URL(address);
  return url.password === '' ? address : address.replace(/\/\/[^/]*@/, () => `//${url.username}:…@`);
}
