import { resolveModel, unknownModels, withoutAlias } from '../core/find-model.ts';
import { isCompleteName, latestName, parseModelName } from '../core/model-name.ts';
import { nearNames } from '../core/near-names.ts';
import type { Settings } from '../core/settings.ts';
import { OrxError } from '../errors.ts';
import { visibleLine } from '../output/visible-text.ts';
import type { Model } from '../providers/catalogue.ts';
import type { CatalogueOptions, Context } from './context.ts';

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
  settings: Settings,
  context: Context,
  { isQuiet }: Loudness,
): Promise<string[]> {
  const ids: string[] = [];
  for (const name of names) {
    const id = await resolveName(name, settings, context);
    if (id !== name && !isQuiet) context.streams.stderr.write(`orx: ${visibleLine(name)} → ${visibleLine(id)}\n`);
    ids.push(id);
  }
  return ids;
}

/** The settings with the model and the fallback models that are meant by their names. */
export async function resolveSettingModels(settings: Settings, context: Context, loudness: Loudness): Promise<Settings> {
  const [model = settings.model] = await resolveNames([settings.model], settings, context, loudness);
  return resolveFallbacks(model === settings.model ? settings : withValues(settings, { model }), context, loudness);
}

/** The settings with the fallback models that are meant by their names. */
export async function resolveFallbacks(settings: Settings, context: Context, loudness: Loudness): Promise<Settings> {
  const { fallback } = settings;
  if (fallback === undefined) return settings;
  const ids = await resolveNames(fallback, settings, context, loudness);
  return ids.every((id, index) => id === fallback[index]) ? settings : withValues(settings, { fallback: ids });
}

/** The same failure, with the nearest names where the API knows no model of that name. */
export async function withNearestModels(
  error: unknown,
  asked: readonly string[],
  settings: Settings,
  context: Context,
): Promise<unknown> {
  if (!(error instanceof OrxError) || !isUnknownModel(error)) return error;
  const models = await modelsIfAny(settings, context);
  const unknown = asked.find((name) => error.message.includes(name)) ?? asked[0] ?? '';
  const near = nearNames(unknown, models).filter((id) => id !== unknown);
  const { kind, code, status, requestId, wire, provider } = error;
  const hints = [...(near.length === 0 ? [] : [`nearest: ${near.join(', ')}`]), 'find one with: orx models <words>'];
  return new OrxError(error.message, { kind, code, status, requestId, wire, provider, hints, cause: error });
}

async function resolveName(text: string, settings: Settings, context: Context): Promise<string> {
  // A name with a slash is no alias; whoever uses none is not stopped by a bad one.
  const named = parseModelName(text).base.includes('/') ? text : withoutAlias(text, settings.aliases ?? {});
  const name = parseModelName(named);
  const latest = latestName(name);
  if (isCompleteName(name) && latest === undefined) return named;
  if (latest !== undefined && isCompleteName(name)) {
    // Some ids end like that. Without a stored copy nobody can tell, and the API will.
    const models = await modelsIfAny(settings, context, { offline: true });
    return resolveModel(named, models)?.id ?? named;
  }
  const stored = resolveModel(named, await readModels(settings, context))?.id;
  if (stored !== undefined) return stored;
  // It may be newer than the stored copy.
  const models = await readModels(settings, context, { preferStored: false });
  const id = resolveModel(named, models)?.id;
  if (id === undefined) throw unknownModels([text], models);
  return id;
}

/** None where there is no catalogue to be had. */
async function modelsIfAny(settings: Settings, context: Context, options?: CatalogueOptions): Promise<readonly Model[]> {
  try {
    return await readModels(settings, context, options);
  } catch {
    return [];
  }
}

async function readModels(settings: Settings, context: Context, options?: CatalogueOptions): Promise<readonly Model[]> {
  const reading = await context.readCatalogue(settings, { preferStored: true, signal: context.interrupt, ...options });
  return reading.catalogue.models;
}

function isUnknownModel({ kind, message, code }: OrxError): boolean {
  return kind === 'no-endpoint' && (/is not a valid model id/i.test(message) || code === 'model_not_found');
}

/** The values of settings are read when they are needed: copying them would read all of them. */
function withValues(settings: Settings, values: Partial<Settings>): Settings {
  const properties = Object.entries(values).map(([key, value]) => [key, { value, enumerable: true }] as const);
  return Object.create(settings, Object.fromEntries(properties)) as Settings;
}
