import { parseDirectId } from '../../apis/direct-id.ts';
import type { ConnectionSettings } from '../../core/settings/groups.ts';
import type { ConfiguredVendor } from '../../core/vendors/resolve-vendor.ts';
import { type ModelLimit, openSharedLimits } from '../../storage/limits/shared-limits.ts';

interface LimitsOptions {
  /** See SharedLimitsOptions. */
  folder: string;
  now: () => number;
  /** Undefined: the vendor is unknown or its entry is invalid, which is reported when it is opened. */
  vendorOf: (name: string) => ConfiguredVendor | undefined;
}

/** Returns the limits of a model: those of its server and the key that is used there. */
export function openLimits(
  settings: ConnectionSettings,
  { folder, now, vendorOf }: LimitsOptions,
): (model: string) => ModelLimit | undefined {
  const limits = openSharedLimits({ folder, now });
  const ofRouted = limits.of(accountAt(settings['base-url'], settings['api-key']));
  return (model) => {
    const direct = parseDirectId(model);
    if (direct === undefined) return ofRouted(model);
    const { baseUrl, key } = vendorOf(direct.vendor) ?? {};
    return baseUrl === undefined ? undefined : limits.of(accountAt(baseUrl, keyName(key)))(direct.model);
  };
}

/** Returns what has limits of its own at a server. */
function accountAt(baseUrl: string, key: string | undefined): string {
  return JSON.stringify([new URL(baseUrl).origin, key]);
}

/** Returns the key, or where it comes from, which identifies an account too. */
function keyName(key: ConfiguredVendor['key']): string | undefined {
  if (key?.source === 'command') return key.command;
  return key?.source === 'keychain' ? key.account : key?.key;
}
