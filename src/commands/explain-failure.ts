import type { ConnectionSettings, RequestSettings, RoutingSettings } from '../core/settings/groups.ts';
import { failureAdvice, isAboutModels } from '../core/answer/failure-advice.ts';
import { OrxError, withFacts } from '../errors.ts';
import { CatalogueServices } from './catalogue-services.ts';
import type { Context } from './context.ts';

/** The same failure of a request to these models, with hints about what helps in its case. */
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
