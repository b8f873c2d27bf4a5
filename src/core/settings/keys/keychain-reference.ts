/** What the settings file has in the place of a key that is in the system keychain. */
export interface KeychainReference {
  keychain: string;
}

/** Shown in the place of such a key, which is not read for a list. */
export const IN_KEYCHAIN = '(in the system keychain)';

/** Returns the account of the keychain entry that a stored key refers to; undefined for anything else. */
export function keychainAccountIn(stored: unknown): string | undefined {
  if (typeof stored !== 'object' || stored === null || !('keychain' in stored)) return undefined;
  const { keychain } = stored;
  return typeof keychain === 'string' && keychain !== '' ? keychain : undefined;
}

/** Returns the account under which the keychain has a key. Each folder of settings has its own entries. */
export function keychainAccount(
  of: { profile?: string | undefined } | { vendor: string },
  place: { config: string; ownsConfig: boolean },
): string {
  const name = 'vendor' in of ? `vendor ${of.vendor}` : of.profile === undefined ? 'api-key' : `profile ${of.profile}`;
  return place.ownsConfig ? name : `${name} in ${place.config}`;
}
