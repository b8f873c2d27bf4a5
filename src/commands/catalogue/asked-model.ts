import type { ConnectionSettings, RoutingSettings } from '../../core/settings/groups.ts';
import { scopeOf } from '../../core/model-id/catalogue-scope.ts';
import { isSameModel } from '../../core/model-id/served-model.ts';
import { modelMismatch } from '../../core/pipeline/strict-model.ts';
import type { OrxError } from '../../errors.ts';
import type { Catalogue } from '../../apis/catalogue.ts';
import type { Context } from '../context.ts';

/** A requested model and the model that answered; `model` is undefined if none has answered yet. */
export interface Served {
  asked: string;
  model: string | undefined;
}

/**
 * Returns the catalog if it is needed to tell whether the requested models answered; usually the names suffice. Returns undefined
 * if no name is in doubt, or if the catalog is not available, so that only the names are compared.
 */
export async function catalogueForDoubts(
  served: readonly Served[],
  settings: ConnectionSettings,
  context: Context,
): Promise<Catalogue | undefined> {
  if (served.every(({ asked, model }) => isSameModel(asked, model ?? ''))) return undefined;
  try {
    const scope = scopeOf(served.flatMap(({ asked, model }) => (model === undefined ? [asked] : [asked, model])));
    const options = { preferStored: true, signal: context.lifetime.interrupt, scope };
    return (await context.apis.for(settings).readCatalogue(options)).catalogue;
  } catch {
    return undefined;
  }
}

/** Returns the error of `--strict-model` if a model other than the requested one answered. */
export function strictModelError(
  served: readonly Served[],
  settings: RoutingSettings,
  catalogue: Catalogue | undefined,
): OrxError | undefined {
  if (!settings['strict-model']) return undefined;
  const other = served.find(({ asked, model }) => !isSameModel(asked, model ?? '', catalogue?.models));
  if (other === undefined) return undefined;
  return modelMismatch(other.asked, other.model!);
}
