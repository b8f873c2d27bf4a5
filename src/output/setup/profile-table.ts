import { HIDDEN } from '../../core/settings/headers/extra-headers.ts';
import { IN_KEYCHAIN, keychainAccountIn } from '../../core/settings/keys/keychain-reference.ts';
import { settingText } from '../../core/settings/setting-text.ts';
import { withoutLogin } from '../../core/settings/parsers.ts';
import { type SettingKey, SETTINGS } from '../../core/settings/settings.ts';
import type { SettingSpec } from '../../core/settings/spec.ts';
import type { Table } from '../table/table.ts';
import { visibleLine } from '../text/visible.ts';

/** A setting of a profile as text, without secrets. */
export interface ProfileSetting {
  key: string;
  value: string;
}

export interface ProfileRow {
  name: string;
  isSelected: boolean;
  settings: readonly ProfileSetting[];
}

/** Settings whose value may contain a user name and a password. */
const ADDRESSES: readonly string[] = ['proxy', 'base-url'] satisfies SettingKey[];
/** Where a profile's API key comes from, in its settings. */
const KEYS: readonly string[] = ['api-key', 'key-command'] satisfies SettingKey[];

/** Returns the values of a profile as text. `mask` shortens secrets. Passwords in addresses are left out. */
export function profileSettings(values: Readonly<Record<string, unknown>>, mask: (secret: string) => string): ProfileSetting[] {
  return Object.entries(values).map(([key, value]) => {
    if (key === ('headers' satisfies SettingKey)) return { key, value: HIDDEN };
    if (keychainAccountIn(value) !== undefined) return { key, value: IN_KEYCHAIN };
    const spec: SettingSpec<unknown> | undefined = Object.hasOwn(SETTINGS, key) ? SETTINGS[key as SettingKey] : undefined;
    const text = settingText(value);
    return { key, value: spec?.secret === true ? mask(text) : ADDRESSES.includes(key) ? withoutLogin(text) : text };
  });
}

export function profilesTable(rows: readonly ProfileRow[]): Table {
  return {
    columns: [
      { heading: '', align: 'left', dropOrder: 0 },
      { heading: 'profile', align: 'left', dropOrder: 0, cut: 'name' },
      { heading: 'key', align: 'left', dropOrder: 1 },
      { heading: 'settings', align: 'left', dropOrder: 0, cut: 'end' },
    ],
    rows: rows.map(({ name, isSelected, settings }) => [
      { text: isSelected ? '*' : '' },
      { text: visibleLine(name), tone: isSelected ? 'accent' : undefined },
      { text: hasKey(settings) ? 'own' : 'stored' },
      { text: settingNames(settings).map(visibleLine).join(', ') || '–', tone: 'dim' },
    ]),
  };
}

export function profileTable(settings: readonly ProfileSetting[]): Table {
  return {
    columns: [
      { heading: 'setting', align: 'left', dropOrder: 0, cut: 'name' },
      { heading: 'value', align: 'left', dropOrder: 0, cut: 'end' },
    ],
    rows: settings.map(({ key, value }) => [{ text: visibleLine(key) }, { text: visibleLine(value) }]),
  };
}

/** Returns a profile as data. Values are text as `orx config set` takes them; secrets are masked. */
export function profileJson({ name, isSelected, settings }: ProfileRow): Record<string, unknown> {
  return {
    name,
    selected: isSelected,
    has_key: hasKey(settings),
    settings: Object.fromEntries(settings.map(({ key, value }) => [key, value])),
  };
}

function hasKey(settings: readonly ProfileSetting[]): boolean {
  return settings.some(({ key }) => KEYS.includes(key));
}

function settingNames(settings: readonly ProfileSetting[]): string[] {
  return settings.map(({ key }) => key).filter((key) => key !== 'api-key');
}
