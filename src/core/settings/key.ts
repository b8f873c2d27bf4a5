import { OLD_SETTING_KEYS } from '../../old-setting-keys.ts';
import { usageError } from '../../errors.ts';
import { editDistance } from '../text/near-names.ts';
import { SETTING_KEYS, type SettingKey } from './settings.ts';

/** Parses the key of a setting. Throws a usage error that suggests similar keys. */
export function parseSettingKey(text: string): SettingKey {
  const name = Object.hasOwn(OLD_SETTING_KEYS, text) ? OLD_SETTING_KEYS[text] : text;
  const match = SETTING_KEYS.find((key) => key === name);
  if (match !== undefined) return match;
  const near = nearKeys(text.toLowerCase().replaceAll('_', '-').slice(0, 40));
  throw usageError(
    `unknown setting "${text}"`,
    ...(near.length === 0 ? [] : [`did you mean ${near.join(', ')}?`]),
    'list all settings: orx config list --all',
  );
}

function nearKeys(text: string): SettingKey[] {
  const farthest = Math.max(2, Math.floor(text.length / 3));
  return SETTING_KEYS.map((key) => ({ key, distance: key.includes(text) && text.length > 2 ? 0 : editDistance(text, key) }))
    .filter(({ distance }) => distance <= farthest)
    .sort((one, other) => one.distance - other.distance)
    .slice(0, 3)
    .map(({ key }) => key);
}
