import { isDirect } from '../../apis/direct-id.ts';
import type { FallbackSettings, RequestSettings, RoutingSettings, ConnectionSettings } from '../../core/settings/groups.ts';
import { failureAdvice, isAboutModels, isAllRemoved, mayBeRemoved } from '../../core/answer/failure-advice.ts';
import { findSuccessor } from '../../core/models/find-successor.ts';
import { OrxError, withFacts } from '../../errors.ts';
import { CatalogueServices } from './catalogue-services.ts';
import type { Context } from '../context.ts';
import type { FailedRun } from './explain-removal.ts';
import { findRemovedModel, modelRemoved } from './removed-model.ts';

type FailedSettings = ConnectionSettings & RequestSettings & RoutingSettings & Partial<FallbackSettings>;

/**
 * Returns the error of a request to these models, with hints for its cause. If the API has removed all providers, it looks up which filter
 * removed each; nothing that fails there replaces the error.
 */
export async function explainFailure(
  error: unknown,
  asked: readonly string[],
  settings: FailedSettings,
  context: Context,
  run: FailedRun = {},
): Promise<unknown> {
  if (!(error instanceof OrxError)) return error;
  const models = isAboutModels(error) ? await new CatalogueServices(settings, context).modelsIfAny() : [];
  const gone = mayBeRemoved(error) ? await findRemovedModel(error, asked, models, settings, context) : undefined;
  const removed = gone && { successor: findSuccessor(gone, models)?.model.id };
  const hints = failureAdvice(error, { asked, models, removed, settings });
  if (gone !== undefined) return modelRemoved(error, gone, hints);
  const advised = hints === undefined ? error : withFacts(error, { hints, cause: error });
  const routed = asked.filter((model) => !isDirect(model));
  if (!isAllRemoved(error) || routed.length === 0) return advised;
  const { explainRemoval } = await import('./explain-removal.ts');
  return explainRemoval(advised, routed, settings, context, run);
}
