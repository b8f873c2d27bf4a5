import type { CatalogueSettings, ConnectionSettings } from '../../core/settings/groups.ts';
import type { TabCandidate, ValueKind } from '../../core/tab-completion/outline.ts';
import { DEFAULTS, environmentLayer, fileLayer, flagLayer } from '../../core/settings/layers.ts';
import { resolve } from '../../core/settings/resolve.ts';
import { orxPaths, type Paths } from '../../storage/paths.ts';
import { readSettingsFile } from '../../storage/settings-file.ts';
import { readStoredIds } from '../../storage/stored-ids.ts';
import { catalogueSource } from './catalogue-source.ts';
import { connectionFlags } from '../connection-flags.ts';
import { orEmpty } from './or-empty.ts';

/** What this machine knows of a kind, read from the settings, the stored catalogue and what is stored beside them. */
export async function knownCandidates(kind: ValueKind, words: readonly string[]): Promise<readonly TabCandidate[]> {
  const paths = orxPaths(process.env);
  const { values } = resolve([
    flagLayer(connectionFlags(words)),
    environmentLayer(process.env),
    fileLayer(readSettingsFile(paths)),
    DEFAULTS,
  ]);
  switch (kind) {
    case 'model':
      return models(values, paths);
    case 'alias':
      return aliases(values);
    case 'favorite':
      return favourites(values);
    case 'template':
    case 'server':
      return (await import('../files/stored-files.ts')).storedFiles(kind, paths.config);
    default:
      return [];
  }
}

/** One's own names first; a model stands once. */
function models(settings: ConnectionSettings & CatalogueSettings, { cache }: Paths): readonly TabCandidate[] {
  const own = [...aliases(settings), ...favourites(settings)];
  const names = new Set(own.map(({ value }) => value));
  const ids = readStoredIds(cache, catalogueSource(settings)).filter((id) => !names.has(id));
  return [...own, ...ids.map((value) => ({ value, about: '' }))];
}

// A setting that is damaged is told of by the commands; here the rest is still of use.
function aliases(settings: CatalogueSettings): readonly TabCandidate[] {
  return orEmpty(() => Object.entries(settings.aliases ?? {})).map(([value, model]) => ({
    value,
    about: /^[\w~@.:/+-]+$/.test(model) ? `alias of ${model}` : 'alias',
  }));
}

function favourites(settings: CatalogueSettings): readonly TabCandidate[] {
  return orEmpty(() => settings.favourites ?? []).map((value) => ({ value, about: 'favorite' }));
}
