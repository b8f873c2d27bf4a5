import type { ResolvedSettings } from '../../core/settings/settings.ts';
import type { CommandInput } from '../register.ts';
import type { JsonFlags } from '../with-json.ts';
import type { DoctorFlags } from './flags.ts';

export interface DoctorOptions {
  isJson: boolean;
  isOffline: boolean;
  /** Reads the settings when first used. Throws a usage error if they cannot be read. */
  readonly resolved: ResolvedSettings;
}

export function parseDoctor(input: CommandInput<DoctorFlags & JsonFlags>): DoctorOptions {
  const { json, offline } = input.options;
  return {
    isJson: json === true,
    isOffline: offline === true,
    get resolved() {
      return input.resolved;
    },
  };
}
