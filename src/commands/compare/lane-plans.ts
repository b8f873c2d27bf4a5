import type { LanePlan } from '../../core/compare/lane-plan.ts';
import type { ChatSettings } from '../../core/settings/groups.ts';
import type { Message } from '../../apis/message.ts';
import { usageError } from '../../errors.ts';
import { MOST_LANES } from '../../core/compare/most-lanes.ts';
import { SEARCH_MODELS } from '../../hints.ts';
import { namedModels } from './lane-options.ts';

/** Returns one lane for each model, all with the same message and settings. */
export function modelPlans(models: readonly string[], content: Message['content'], settings: ChatSettings): LanePlan[] {
  return models.map((model, lane) => ({
    model,
    lane,
    varied: [],
    messages: [{ role: 'user', content }],
    settings,
    overrides: {},
  }));
}

/** Returns the names of at least two models without duplicates. Throws a usage error for fewer, and for more than fit. */
export function modelsToCompare(names: readonly string[]): string[] {
  const { models } = namedModels(names);
  if (models.length < 2) throw usageError(`all names refer to one model, ${models[0]}`, SEARCH_MODELS);
  if (models.length > MOST_LANES)
    throw usageError(`compare accepts at most ${MOST_LANES} models, not ${models.length}`, 'compare them in two commands');
  return models;
}
