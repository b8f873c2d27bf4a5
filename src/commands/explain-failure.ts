import type { ConnectionSettings, RequestSettings, RoutingSettings } from '../core/settings/groups.ts';
import { failureAdvice, isAboutModels } from '../core/answer/failure-advice.ts';
import { OrxError, withFacts } from '../errors.ts';
import { CatalogueServices } from './catalogue-services.ts';
import type { Context } from './context.ts';

/** Returns the error of a request to these models, with hints for its cause. */
export async function explainFailure(
  error: unknown,
  asked: readonly string[],
  settings: ConnectionSettings & RequestSettings & RoutingSettings,
  context: Context,
): Promise<unknown> {
  if (!(error instanceof OrxError)) return error;
  const models = isAboutModels(error) ? await new CatalogueServices(settings, context).modelsIfAny() : [];
  const hints = failureAdvice(error, { asked, models, settings });
  if (hints === undefined) return error;
  return withFacts(error, { hints, cause: error });
}
