import type { ConfiguredVendor } from '../../core/vendors/resolve-vendor.ts';

/** Keys of vendors. A command that prints one is run once. */
export function createVendorKeys(
  signal: AbortSignal,
  secrets: string[],
): { of: (vendor: ConfiguredVendor) => Promise<string | undefined> } {
  const printed = new Map<string, Promise<string>>();
  return {
    async of({ label, key }) {
      if (key === undefined || key.source !== 'command') return key?.key;
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
