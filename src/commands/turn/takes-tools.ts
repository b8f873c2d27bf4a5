import type { ConnectionSettings } from '../../core/settings/groups.ts';
import { findListed } from '../../core/models/find-listed.ts';
import type { Context } from '../context.ts';

/** Whether a model takes tools. True where the catalogue does not say, or cannot be read: the API knows better. */
export async function takesTools(model: string, settings: ConnectionSettings, context: Context): Promise<boolean> {
  const reading = await context.apis
    .for(settings)
    .readCatalogue({ preferStored: true, signal: context.lifetime.interrupt })
    .catch(() => undefined);
  const parameters = findListed(model, reading?.catalogue.models ?? [])?.supportedParameters;
  return parameters === undefined || parameters.length === 0 || parameters.includes('tools');
}
