import type { Settings } from './settings.ts';

/** The settings with other values for some. The rest is read when it is needed, as before: copying would read, and check, all of it. */
export function withSettings(settings: Settings, values: Partial<Settings>): Settings {
  const properties = Object.entries(values).map(([key, value]) => [key, { value, enumerable: true }]);
  return Object.create(settings, Object.fromEntries(properties) as PropertyDescriptorMap) as Settings;
}
