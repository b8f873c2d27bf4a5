import type { ConnectionSettings, RoutingSettings } from '../../core/settings/groups.ts';
import { scopeOf } from '../../core/model-id/catalogue-scope.ts';
import { isSameModel } from '../../core/model-id/served-model.ts';
import { OrxError } from '../../errors.ts';
import type { Catalogue } from '../../apis/catalogue.ts';
import type { Context } from '../context.ts';

/** Who was asked and who answered; nobody yet: no model. */
export interface Served {
  asked: string;
  model: string | undefined;
}

/**
 * The catalogue, if it takes one to tell whether the asked models answered: names alone mostly do. Undefined when nothing is in doubt, or
 * when there is no catalogue to be had and the names have to do.
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

/** What `--strict-model` says when another model answered than the one that was asked. */
export function strictModelError(
  served: readonly Served[],
  settings: RoutingSettings,
  catalogue: Catalogue | undefined,
): OrxError | undefined {
  if (!settings['strict-model']) return undefined;
  const other = served.find(({ asked, model }) => !isSameModel(asked, model ?? '', catalogue?.models));
  if (other === undefined) return undefined;
  return new OrxError(`${other.model} answered, not ${other.asked}`, {
    kind: 'model-mismatch',
    hints: ['accept other models: orx config set strict-model false'],
  });
}
