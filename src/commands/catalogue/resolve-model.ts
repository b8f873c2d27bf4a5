import type { CatalogueSettings, ChatSettings, ConnectionSettings } from '../../core/settings/groups.ts';
import { resolveModel, unknownModels, withoutAlias } from '../../core/models/find-model.ts';
import { directId, parseDirectId } from '../../apis/direct-id.ts';
import { isCompleteName, latestName, parseModelName } from '../../core/model-id/name.ts';
import { withSettings } from '../../core/settings/with-settings.ts';
import { visibleLine } from '../../output/text/visible.ts';
import { CatalogueServices } from './catalogue-services.ts';
import type { Context } from '../context.ts';

interface Loudness {
  /** Does not print which model a name was resolved to. */
  isQuiet: boolean;
}

/**
 * Returns the ids that names refer to, and prints on standard error what each was resolved to. Returns a complete id unchanged
 * and reads no catalog for it: the API decides whether it exists. Throws kind `no-endpoint` for a name that matches no model or
 * several.
 */
export async function resolveNames(
  names: readonly string[],
  settings: ConnectionSettings & CatalogueSettings,
  context: Context,
  { isQuiet }: Loudness,
  services: CatalogueServices = new CatalogueServices(settings, context),
): Promise<string[]> {
  const ids: string[] = [];
  for (const name of names) {
    const id = await resolveName(name, settings, services);
    if (id !== name && !isQuiet) context.terminal.streams.stderr.write(`note: ${visibleLine(name)} → ${visibleLine(id)}\n`);
    ids.push(id);
  }
  return ids;
}

/** Returns the settings with the names in `model` and `fallback`, or in `fallback` alone, resolved to model ids. */
export async function resolveSettingModels(
  settings: ChatSettings,
  context: Context,
  loudness: Loudness,
  keys: readonly ('model' | 'fallback')[] = ['model', 'fallback'],
): Promise<ChatSettings> {
  const services = new CatalogueServices(settings, context);
  let resolved = settings;
  for (const key of keys) {
    const value = settings[key];
    if (value === undefined) continue;
    const names = typeof value === 'string' ? [value] : value;
    const ids = await resolveNames(names, settings, context, loudness, services);
    if (ids.some((id, index) => id !== names[index]))
      resolved = withSettings(resolved, key === 'model' ? { model: ids[0]! } : { fallback: ids });
  }
  return resolved;
}

async function resolveName(text: string, settings: CatalogueSettings, services: CatalogueServices): Promise<string> {
  // A name with a slash is not an alias, so an invalid alias does not affect it.
  const named = parseModelName(text).base.includes('/') ? text : withoutAlias(text, settings.aliases ?? {});
  const direct = parseDirectId(named);
  // Search for a name with an unknown vendor like for any other before reporting that the vendor is unknown.
  if (direct !== undefined && services.hasVendor(direct.vendor)) return directId(direct);
  const name = parseModelName(named);
  if (direct === undefined && isCompleteName(name)) {
    if (latestName(name) === undefined) return named;
    // Some ids end like that. Without a stored copy, leave the decision to the API.
    return resolveModel(named, await services.modelsIfAny({ offline: true }))?.id ?? named;
  }
  const stored = resolveModel(named, await services.models())?.id;
  if (stored !== undefined) return stored;
  // The model may be newer than the stored copy.
  const models = await services.newerModels();
  const id = resolveModel(named, models)?.id;
  if (id === undefined && direct !== undefined) services.requireVendor(direct.vendor);
  if (id === undefined) throw unknownModels([text], models);
  return id;
}
