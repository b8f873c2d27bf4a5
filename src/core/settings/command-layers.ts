import { type RunKeyCommand, withKeyCommand } from './key-layer.ts';
import { environmentLayer, fileLayer, flagLayer, type SettingLayer } from './layers.ts';
import { profileKeyLayer, profileLayer, requireProfile, selectedProfile, storedProfiles } from './profiles.ts';

interface Sources {
  flags: Readonly<Record<string, unknown>>;
  /** Layers directly below the flags. */
  below?: readonly SettingLayer[];
  env: Readonly<Record<string, string | undefined>>;
  /** The settings file. */
  file: Readonly<Record<string, unknown>>;
  runKeyCommand: RunKeyCommand;
}

/**
 * Returns the layers of a command, the strongest first, without the defaults: flags, `below`, environment, profile, settings file. The key of a
 * profile that was typed wins over the environment. Throws a usage error for an unknown profile.
 */
export function commandLayers({ flags, below = [], env, file, runKeyCommand }: Sources): SettingLayer[] {
  const { name, source } = selectedProfile(flags['profile'], env, file);
  const profile = withKeyCommand(profileLayer(name, requireProfile(name, storedProfiles(file))), runKeyCommand);
  return [
    flagLayer(flags),
    ...below,
    ...(source === 'flag' ? [profileKeyLayer(profile)] : []),
    environmentLayer(env),
    profile,
    withKeyCommand(fileLayer(file), runKeyCommand),
  ];
}
