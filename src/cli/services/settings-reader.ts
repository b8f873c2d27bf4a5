import { VENDORS } from '../../apis/vendors.ts';
import { MANAGEMENT_KEY_VARIABLE } from '../../core/managed-keys/management-key.ts';
import { commandLayers } from '../../core/settings/command-layers.ts';
import type { KeySources } from '../../core/settings/keys/key-layer.ts';
import { DEFAULTS, type SettingLayer } from '../../core/settings/layers.ts';
import { storedProfiles } from '../../core/settings/profiles.ts';
import type { ProjectFile } from '../../core/settings/project-settings.ts';
import { resolve } from '../../core/settings/resolve.ts';
import { type ResolvedSettings, SETTINGS } from '../../core/settings/settings.ts';
import { readVendorEntries } from '../../core/vendors/vendor-entry.ts';
import { vendorLayer } from '../../core/vendors/vendor-layer.ts';
import { createSettingsFileReader, type SettingsPlace } from '../../storage/settings-file.ts';

const KEY_VARIABLES = [
  ...(SETTINGS['api-key'].env ?? []),
  MANAGEMENT_KEY_VARIABLE,
  ...VENDORS.flatMap(({ keyVariables }) => keyVariables),
];

type Flags = Readonly<Record<string, unknown>>;
type StoredSettings = Readonly<Record<string, unknown>>;

interface Sources extends KeySources {
  place: SettingsPlace;
  env: Readonly<Record<string, string | undefined>>;
  /** Collects the keys in settings, so that no error shows one. */
  secrets: string[];
  /** The typed flags that select stored settings: a command resolves settings again without its flags, and keeps its profile. */
  selection: Flags;
  projectFile: () => ProjectFile | undefined;
}

export interface SettingsReader {
  /** Returns the content of the settings file. */
  file: () => StoredSettings;
  /** See Stores. The same flags give the same settings as long as the settings file does not change. */
  resolveSettings: (flags: Flags, ...below: readonly SettingLayer[]) => ResolvedSettings;
}

/** Returns what reads and resolves the settings of a process. */
export function createSettingsReader({ place, env, secrets, selection, projectFile, ...keys }: Sources): SettingsReader {
  const file = createSettingsFileReader(place);
  /** A command asks for its settings, for those of its appearance and of its prompt: resolving them takes longer than reading the file. */
  const known = new WeakMap<StoredSettings, WeakMap<Flags, ResolvedSettings>>();
  const resolveFrom = (stored: StoredSettings, flags: Flags, below: readonly SettingLayer[]): ResolvedSettings => {
    for (const key of keysIn(stored, env)) if (typeof key === 'string' && key.trim() !== '') secrets.push(key.trim());
    const layers = commandLayers({ ...keys, flags: { ...selection, ...flags }, below, env, file: stored, projectFile });
    return resolve([...layers, vendorLayer(layers, () => readVendorEntries(stored['vendors']), env), DEFAULTS]);
  };
  return {
    file,
    resolveSettings(flags, ...below) {
      const stored = file();
      if (below.length > 0) return resolveFrom(stored, flags, below);
      const ofFile = known.get(stored) ?? new WeakMap<Flags, ResolvedSettings>();
      const resolved = ofFile.get(flags) ?? resolveFrom(stored, flags, below);
      known.set(stored, ofFile.set(flags, resolved));
      return resolved;
    },
  };
}

/** Returns the keys of all sources, also invalid ones, and those overridden by another source: the user still considers them secret. */
function keysIn(stored: StoredSettings, env: Readonly<Record<string, string | undefined>>): unknown[] {
  return [
    ...KEY_VARIABLES.map((name) => env[name]),
    stored['api-key'],
    ...[...storedProfiles(stored).values()].map((values) => values['api-key']),
    ...vendorKeys(stored['vendors'], env),
  ];
}

/** Returns the vendor keys in the settings file and in the variables that it names, also from damaged parts of it. */
function vendorKeys(vendors: unknown, env: Readonly<Record<string, string | undefined>>): unknown[] {
  if (typeof vendors !== 'object' || vendors === null) return [];
  return Object.values(vendors).flatMap((entry) => {
    if (typeof entry !== 'object' || entry === null) return [];
    const { key, keyVariable } = entry as { key?: unknown; keyVariable?: unknown };
    return [key, typeof keyVariable === 'string' ? env[keyVariable] : undefined];
  });
}
