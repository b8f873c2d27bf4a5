import { DEFAULTS, environmentLayer, fileLayer, flagLayer } from '../../src/core/settings/layers.ts';
import { resolve } from '../../src/core/settings/resolve.ts';
import type { ResolvedSettings } from '../../src/core/settings/settings.ts';

interface Given {
  flags?: Readonly<Record<string, unknown>>;
  env?: Readonly<Record<string, string | undefined>>;
  file?: Readonly<Record<string, unknown>>;
}

/** Returns the settings that a command without a template resolves. */
export function resolved({ flags = {}, env = {}, file = {} }: Given = {}): ResolvedSettings {
  return resolve([flagLayer(flags), environmentLayer(env), fileLayer(file), DEFAULTS]);
}
