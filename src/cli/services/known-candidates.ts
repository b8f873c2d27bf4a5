import type { CatalogueSettings, ConnectionSettings } from '../../core/settings/groups.ts';
import type { TabCandidate, ValueKind } from '../../core/tab-completion/outline.ts';
import { DEFAULTS, environmentLayer, fileLayer, flagLayer } from '../../core/settings/layers.ts';
import { DEFAULT_PROFILE, selectedProfileLayer, storedProfiles } from '../../core/settings/profiles.ts';
import { resolve } from '../../core/settings/resolve.ts';
import { orxPaths, type Paths } from '../../storage/paths.ts';
import { readSettingsFile } from '../../storage/settings-file.ts';
import { readStoredIds } from '../../storage/stored-ids.ts';
import { directId } from '../../apis/direct-id.ts';
import { type ConfiguredVendor, configuredVendors, isInUse } from '../../core/vendors/resolve-vendor.ts';
import { readVendorEntries } from '../../core/vendors/vendor-entry.ts';
import { catalogueSource } from './catalogues/catalogue-source.ts';
import { connectionFlags } from '../connection-flags.ts';
import { orEmpty } from './or-empty.ts';

/** Returns the candidates of a kind that are known locally, from the settings, the stored catalogue and other stored data. */
export async function knownCandidates(kind: ValueKind, words: readonly string[]): Promise<readonly TabCandidate[]> {
  const paths = orxPaths(process.env);
  const file = readSettingsFile(paths);
  const { env } = process;
  const flags = connectionFlags(words);
  const { values } = resolve([
    flagLayer(flags),
    environmentLayer(env),
    selectedProfileLayer(flags, env, file),
    fileLayer(file),
    DEFAULTS,
  ]);
  switch (kind) {
    case 'model':
      return [...models(values, paths), ...(values.sandbox ? [] : directIds(file))];
    case 'alias':
      return aliases(values);
    case 'favorite':
      return favorites(values);
    case 'vendor':
      return vendors(file);
    case 'vendor-scope':
      return [...vendors(file), { value: 'openrouter', about: 'OpenRouter' }];
    case 'profile':
      return profiles(file);
    case 'template':
    case 'server':
      return (await import('../files/stored-files.ts')).storedFiles(kind, paths.config);
    default:
      return [];
  }
}

/** The user's own names come first, and each model appears once. */
function models(settings: ConnectionSettings & CatalogueSettings, { cache }: Paths): readonly TabCandidate[] {
  const own = [...aliases(settings), ...favorites(settings)];
  const names = new Set(own.map(({ value }) => value));
  const ids = readStoredIds(cache, catalogueSource(settings)).filter((id) => !names.has(id));
  return [...own, ...ids.map((value) => ({ value, about: '' }))];
}

/** Leaves out a name that a shell might not take as one word. */
function profiles(file: Readonly<Record<string, unknown>>): readonly TabCandidate[] {
  const names = [DEFAULT_PROFILE, ...storedProfiles(file).keys()].filter((name) =>
    /^[\p{L}\p{N}][\p{L}\p{N}._/@-]*$/u.test(name),
  );
  return names.map((value) => ({ value, about: value === DEFAULT_PROFILE ? 'the stored settings alone' : '' }));
}

/** All vendors, including the user's own. */
function vendors(file: Readonly<Record<string, unknown>>): readonly TabCandidate[] {
  return known(file).map(({ name, label }) => ({ value: name, about: label === name ? '' : label }));
}

/** The default models of usable vendors. Their lists are not read, because that takes too long for a key press. */
function directIds(file: Readonly<Record<string, unknown>>): readonly TabCandidate[] {
  return known(file)
    .filter((vendor) => isInUse(vendor) && /^[\w.:/+-]+$/.test(vendor.defaultModel ?? ''))
    .map(({ name, label, defaultModel }) => ({ value: directId({ vendor: name, model: defaultModel! }), about: label }));
}

function known(file: Readonly<Record<string, unknown>>): readonly ConfiguredVendor[] {
  return orEmpty(() => configuredVendors(readVendorEntries(file['vendors']), process.env));
}

// Ignore a damaged setting here: commands report it, and the other candidates are still useful.
function aliases(settings: CatalogueSettings): readonly TabCandidate[] {
  return orEmpty(() => Object.entries(settings.aliases ?? {})).map(([value, model]) => ({
    value,
    about: /^[\w~@.:/+-]+$/.test(model) ? `alias of ${model}` : 'alias',
  }));
}

function favorites(settings: CatalogueSettings): readonly TabCandidate[] {
  return orEmpty(() => settings.favorites ?? []).map((value) => ({ value, about: 'favorite' }));
}
