import type { ConnectionSettings } from '../../core/settings/groups.ts';
import { vendorOf } from '../../core/model-id/direct-name.ts';
import { visibleLine } from '../../output/text/visible.ts';
import type { Context } from '../context.ts';
import type { PinnedSettings } from '../turn/pin.ts';

/** Prints which endpoint is pinned. */
export function tellPin({ text }: PinnedSettings, context: Context): void {
  context.terminal.streams.stderr.write(`note: pinned to ${visibleLine(text)}\n`);
}

/** Prints which vendor is used if no model was given and there is no key for OpenRouter. */
export function tellVendor(model: string, settings: ConnectionSettings, context: Context): void {
  const name = vendorOf(model);
  const vendor = context.apis
    .for(settings)
    .vendors()
    .find((one) => one.name === name);
  const label = vendor?.label ?? name;
  const { key } = vendor ?? {};
  const means = key === undefined ? `${label} needs no key` : key.source === 'environment' ? key.name : `the key of ${label}`;
  context.terminal.streams.stderr.write(
    `note: no key for OpenRouter; using ${visibleLine(model)} (${means}); use another model: -m MODEL\n`,
  );
}
