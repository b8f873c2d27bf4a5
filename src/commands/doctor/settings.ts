import { type DoctorCheck, failedCheck, okCheck, warningCheck } from '../../core/doctor/check.ts';
import { unsentHeaders } from '../../core/settings/headers/extra-headers.ts';
import { CONNECTION_SETTINGS } from '../../core/settings/groups.ts';
import { settingRows, type SettingRow } from '../../core/settings/rows.ts';
import type { ResolvedSettings, SettingKey } from '../../core/settings/settings.ts';
import { maskKey } from '../../output/text/error.ts';

const CONNECTION: ReadonlySet<SettingKey> = new Set(['api-key', ...CONNECTION_SETTINGS]);

/** Returns a check for each setting that cannot be used, or one that is ok. */
export function settingsChecks(resolved: ResolvedSettings): readonly DoctorCheck[] {
  const rows = settingRows(resolved, maskKey);
  const wrong = rows.filter(({ error }) => error !== undefined);
  if (wrong.length > 0)
    // A project file that cannot be used is the error of all settings that it might have.
    return [...new Map(wrong.map((row) => [row.error, failedCheck('settings', row.error ?? '', fixOf(row))])).values()];
  const unsent = unsentHeaders(resolved.values);
  if (unsent !== undefined)
    return [warningCheck('settings', unsent, 'set them for this one: orx config set headers "NAME: VALUE"')];
  const set = rows.filter(({ source }) => source !== 'default').length;
  return [okCheck('settings', set === 0 ? 'all have their defaults' : `${set} set, all usable`)];
}

/** Returns the settings of the connection that cannot be used. */
export function invalidSettings(resolved: ResolvedSettings): readonly SettingKey[] {
  return settingRows(resolved, maskKey).flatMap(({ key, error }) => (error !== undefined && CONNECTION.has(key) ? [key] : []));
}

function fixOf({ key, source, name }: SettingRow): string {
  if (source === 'project') return 'change the file, or ignore it: orx config set project-file false';
  if (source === 'profile') return `remove it: orx profile unset ${name} ${key}`;
  return source === 'environment' ? `remove the variable: unset ${name ?? key}` : `remove it: orx config unset ${key}`;
}
