import { vendorOf } from '../../core/model-id/direct-name.ts';
import { hasZeroRetention, type MarketFacts } from '../../core/models/market-facts.ts';
import type { RoutingSettings } from '../../core/settings/groups.ts';
import type { Model, ModelEndpoint } from '../../apis/catalogue.ts';

/** The setting of a data policy that needs zero data retention. */
export type RetentionPolicy = 'zdr' | 'data-policy strict';

/** Returns the setting that requires zero data retention, or undefined. */
export function retentionPolicy(settings: Pick<RoutingSettings, 'data-policy' | 'zdr'>): RetentionPolicy | undefined {
  return settings['data-policy'] === 'strict' ? 'data-policy strict' : settings.zdr ? 'zdr' : undefined;
}

/** Returns how many of the models have no endpoint that the policy allows; undefined if all have one. */
export function excludedByPolicy(
  models: readonly Model[],
  facts: MarketFacts | undefined,
  policy: RetentionPolicy,
): string | undefined {
  // What a vendor retains depends on the user's contract with it.
  const routed = models.filter(({ id }) => vendorOf(id) === undefined);
  const without = routed.filter((model) => !hasZeroRetention(model, facts)).length;
  return without === 0 ? undefined : `${without} of ${routed.length} models have no endpoint that ${policy} allows`;
}

/** Returns the endpoints of a model in the API's list of those with zero data retention. */
export function endpointsOfModel(
  list: readonly ModelEndpoint[],
  { id, aliasTarget, canonicalSlug }: Model,
): readonly ModelEndpoint[] {
  return list.filter(({ modelId }) => [id, aliasTarget, canonicalSlug].includes(modelId));
}

/** Returns their tags; undefined for a direct model, which is not in the list. */
export function tagsOfModel(list: readonly ModelEndpoint[], model: Model): ReadonlySet<string> | undefined {
  return vendorOf(model.id) === undefined ? new Set(endpointsOfModel(list, model).map(({ tag }) => tag)) : undefined;
}
