import type { AskedModel } from '../../core/budget/price-bounds.ts';
import type { Model } from '../../apis/catalogue.ts';
import { scopeOf } from '../../core/model-id/catalogue-scope.ts';
import { findListed } from '../../core/models/find-listed.ts';
import type { ConnectionSettings } from '../../core/settings/groups.ts';
import type { Context } from '../context.ts';

/** Returns what the catalog and the endpoint lists contain about these models; unavailable data stays undefined. */
export async function findPrices(
  names: readonly string[],
  settings: ConnectionSettings,
  context: Context,
  signal: AbortSignal | undefined,
): Promise<readonly AskedModel[]> {
  const read = async (options: { preferStored?: boolean; refresh?: boolean }): Promise<readonly (Model | undefined)[]> => {
    const { catalogue } = await context.apis.for(settings).readCatalogue({ ...options, signal, scope: scopeOf(names) });
    return names.map((name) => findListed(name, catalogue.models));
  };
  // A stored catalog of any age provides the models; their current prices come from their endpoints.
  let models = await read({ preferStored: true }).catch(() => []);
  if (models.some((model) => model === undefined)) models = await read({}).catch(() => models);
  signal?.throwIfAborted();
  return Promise.all(
    names.map(async (_, index): Promise<AskedModel> => {
      const model = models[index];
      if (model === undefined) return { model, endpoints: undefined };
      const match = await context.apis
        .for(settings)
        .readEndpoints(model.id, { signal })
        .catch(() => undefined);
      return { model, endpoints: match?.catalogue.endpoints };
    }),
  );
}
