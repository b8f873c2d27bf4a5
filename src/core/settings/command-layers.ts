import { type KeySources, withKeySources } from './keys/key-layer.ts';
import { DEFAULTS, environmentLayer, fileLayer, flagLayer, type SettingLayer } from './layers.ts';
import { type ProjectFile, projectLayer, usesProjectFile } from './project-settings.ts';
import { profileKeyLayer, profileLayer, requireProfile, selectedProfile, storedProfiles } from './profiles.ts';

interface Sources extends KeySources {
  flags: Readonly<Record<string, unknown>>;
  /** Layers directly below the flags. */
  below?: readonly SettingLayer[];
  env: Readonly<Record<string, string | undefined>>;
  /** The settings file. */
  file: Readonly<Record<string, unknown>>;
  /** Finds the project file. Called only if it applies. */
  projectFile?: () => ProjectFile | undefined;
}

/**
 * Returns the layers of a command, the strongest first, without the defaults: flags, `below`, environment, project file, profile, settings file.
 * The key of a profile that was typed wins over the environment. Throws a usage error for an unknown profile.
 */
export function commandLayers({ flags, below = [], env, file, projectFile, ...keys }: Sources): SettingLayer[] {
  const { name, source } = selectedProfile(flags['profile'], env, file);
  const profile = withKeySources(profileLayer(name, requireProfile(name, storedProfiles(file))), keys);
  const [typed, environment] = [flagLayer(flags), environmentLayer(env)];
  const stored = [profile, withKeySources(fileLayer(file), keys)];
  const project = usesProjectFile([typed, environment, ...stored]) ? projectFile?.() : undefined;
  return [
    typed,
    ...below,
    ...(source === 'flag' ? [profileKeyLayer(profile)] : []),
    environment,
    ...(project === undefined ? [] : [projectLayer(project, [...stored, DEFAULTS])]),
    ...stored,
  ];
}
