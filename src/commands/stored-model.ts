import type { Model } from '../apis/catalogue.ts';
import { scopeOf } from '../core/model-id/catalogue-scope.ts';
import { findListed } from '../core/models/find-listed.ts';
import type { ConnectionSettings } from '../core/settings/groups.ts';
import type { Context } from './context.ts';

/**
 * Returns the stored catalog's entry of a model, whatever its age, so that the end of an answer does not wait for the network.
 * Never rejects.
 */
export async function findStoredModel(name: string, settings: ConnectionSettings, context: Context): Promise<Model | undefined> {
  const reading = await context.apis
    .for(settings)
    .readCatalogue({ preferStored: true, scope: scopeOf([name]) })
    .catch(() => undefined);
  return findListed(name, reading?.catalogue.models ?? []);
}
