import type { ConnectionSettings } from '../settings/groups.ts';
import { apiKey } from '../settings/parsers.ts';
import { withSettings } from '../settings/with-settings.ts';

/** The environment variable of the management key. */
export const MANAGEMENT_KEY_VARIABLE = 'OPENROUTER_MANAGEMENT_KEY';

/** Returns the settings with the management key of the environment, if there is one, in place of the API key. */
export function withManagementKey<S extends ConnectionSettings>(
  settings: S,
  env: Readonly<Record<string, string | undefined>>,
): S {
  const given = env[MANAGEMENT_KEY_VARIABLE]?.trim() ?? '';
  return given === '' ? settings : (withSettings<ConnectionSettings>(settings, { 'api-key': apiKey(given) }) as S);
}
