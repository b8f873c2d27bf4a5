import type { Keychain } from '../../core/settings/keys/keychain.ts';
import type { ConfiguredVendor } from '../../core/vendors/resolve-vendor.ts';

/** Returns the keys of vendors. Runs a command that prints a key only once, and reads an entry of the system keychain only once. */
export function createVendorKeys(
  signal: AbortSignal,
  secrets: string[],
  keychain: Keychain,
): { of: (vendor: ConfiguredVendor) => Promise<string | undefined> } {
  const printed = new Map<string, Promise<string>>();
  return {
    async of({ name, label, key }) {
      if (key?.source === 'keychain') return keychain.read(key.account, [`store the key again: orx vendors add ${name}`], signal);
      if (key?.source !== 'command') return key?.key;
      const { command } = key;
      const run =
        printed.get(command) ?? import('./key-command.ts').then(({ runKeyCommand }) => runKeyCommand(label, command, signal));
      printed.set(command, run);
      const text = await run;
      secrets.push(text);
      return text;
    },
  };
}
