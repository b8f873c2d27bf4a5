import { capability } from '../../apis/api.ts';
import { decimal } from '../../decimal.ts';
import { type DoctorCheck, checkOfError, failedCheck, okCheck, skippedCheck, warningCheck } from '../../core/doctor/check.ts';
import type { ConnectionSettings } from '../../core/settings/groups.ts';
import type { ResolvedSettings } from '../../core/settings/settings.ts';
import { isInUse } from '../../core/vendors/resolve-vendor.ts';
import { wireTimeText } from '../../output/setup/key.ts';
import { maskKey } from '../../output/text/error.ts';
import type { Context } from '../context.ts';
import { withinLimit } from './within-limit.ts';

const WARNED_MS = 7 * 24 * 60 * 60_000;
const KEYS_PAGE = 'see your keys: https://openrouter.ai/keys';

/** Checks the key of the settings, with the API if the base URL has answered. */
export async function keyCheck(
  { values, sources }: ResolvedSettings,
  isReached: boolean,
  context: Context,
): Promise<DoctorCheck> {
  const settings: ConnectionSettings = values;
  if (settings.sandbox) return skippedCheck('key', 'the sandbox needs no key');
  const { source, name } = sources['api-key'];
  let key: string | undefined;
  try {
    key = settings['api-key'];
  } catch (error) {
    return source === 'command'
      ? checkOfError('key', error, 'see the command: orx config get key-command')
      : checkOfError('key', error);
  }
  if (key === undefined) return missingCheck(settings, context);
  const place = source === 'keychain' ? 'system keychain' : source;
  const shown = `${maskKey(key)}, from ${source === 'profile' ? `the profile ${name}` : (name ?? `the ${place}`)}`;
  if (!isReached) return okCheck('key', `${shown}; not checked with the API`);
  try {
    const { value: info } = await withinLimit(context, async (signal) => {
      const api = await context.apis.for(settings).open({ requireKey: true });
      return capability(api, 'account').getKey({ signal });
    });
    const isUsedUp = info.limitRemaining !== undefined && decimal(info.limitRemaining).lte(0);
    if (isUsedUp) return failedCheck('key', `${shown}; its limit is used up`, `raise the limit: https://openrouter.ai/keys`);
    if (info.isManagementKey === true)
      return warningCheck('key', `${shown}; a management key, which cannot chat`, 'get another key: orx auth login');
    const expiry = expiresWithin(info.expiresAt, context.clock.now());
    if (expiry !== undefined) return warningCheck('key', `${shown}; expires ${expiry}`, 'get another key: orx auth login');
    return okCheck('key', `${shown}; valid`);
  } catch (error) {
    context.lifetime.interrupt.throwIfAborted();
    const fix = name === undefined ? 'get a new key: orx auth login' : `replace the key: export ${name}=KEY`;
    return checkOfError('key', error, fix, KEYS_PAGE);
  }
}

/** Returns when the key expires, if that is within a week. An expired key is refused by the API. */
function expiresWithin(expiresAt: string | undefined, now: number): string | undefined {
  return expiresAt !== undefined && Date.parse(expiresAt) - now < WARNED_MS ? wireTimeText(expiresAt) : undefined;
}

function missingCheck(settings: ConnectionSettings, context: Context): DoctorCheck {
  const login = 'get a key: orx auth login';
  try {
    const vendors = context.apis.for(settings).vendors().filter(isInUse);
    if (vendors.length === 0) return failedCheck('key', 'no API key', login, 'try orx without one: orx --sandbox chat "hello"');
    return okCheck('key', `none for OpenRouter; vendors in use: ${vendors.map(({ name }) => name).join(', ')}`);
  } catch (error) {
    return checkOfError('key', error, login);
  }
}
