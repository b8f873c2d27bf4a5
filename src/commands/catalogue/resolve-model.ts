import type { CatalogueSettings, ChatSettings, ConnectionSettings } from '../../core/settings/groups.ts';
import { resolveModel, unknownModels, withoutAlias } from '../../core/models/find-model.ts';
import { directId, parseDirectId } from '../../apis/direct-id.ts';
import { isCompleteName, latestName, parseModelName } from '../../core/model-id/name.ts';
import { withSettings } from '../../core/settings/with-settings.ts';
import { visibleLine } from '../../output/text/visible.ts';
import { CatalogueServices } from '../catalogue-services.ts';
import type { Context } from '../context.ts';

interface Loudness {
  /** Says nothing about what a name was taken for. */
  isQuiet: boolean;
}

/**
 * The ids that names stand for, and on standard error what each was taken for. An id that is complete is passed on untouched, and no
 * catalogue is read for it: whether it exists is the API's to say. Throws kind `no-endpoint` for a name that means no model or several.
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

/** The settings with the models that are meant by the names in `model` and `fallback`, or in `fallback` alone. */
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
  // A name with a slash is no alias; whoever uses none is not stopped by a bad one.
  const named = parseModelName(text).base.includes('/') ? text : withoutAlias(text, settings.aliases ?? {});
  const direct = parseDirectId(named);
  // A name of no vendor is looked for like any other, before it is said that there is no such vendor.
  if (direct !== undefined && services.hasVendor(direct.vendor)) return directId(direct);
  const name = parseModelName(named);
  if (direct === undefined && isCompleteName(name)) {
    if (latestName(name) === undefined) return named;
    // Some ids end like that. Without a stored copy nobody can tell, and the API will.
    return resolveModel(named, await services.modelsIfAny({ offline: true }))?.id ?? named;
  }
  const stored = resolveModel(named, await services.models())?.id;
  if (stored !== undefined) return stored;
  // It may be newer than the stored copy.
  const models = await services.newerModels();
  const id = resolveModel(named, models)?.id;
  if (id === undefined && direct !== undefined) services.requireVendor(direct.vendor);
  if (id === undefined) throw unknownModels([text], models);
  return id;
}
