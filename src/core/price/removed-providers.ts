import type { ModelEndpoint } from '../../apis/catalogue.ts';
import { explainRouting, type RoutedEndpoint, type RoutingQuestion } from './explain-routing.ts';
import { whyExcluded } from './endpoint-exclusion.ts';

/** A provider that cannot answer a request, and the filter that removes it. */
export interface RemovedProvider {
  provider: string;
  tag: string;
  removedBy: string;
}

/**
 * Returns which filter removed each endpoint of a model, after the API has said that none is left. What no filter of the request removes, the
 * API itself has removed: by the data policy, because it does not tell which providers train on prompts, or by settings of the account.
 */
export function removedProviders(
  model: string,
  endpoints: Parameters<typeof explainRouting>[1],
  question: RoutingQuestion,
): readonly RemovedProvider[] {
  const others =
    question.routing.dataCollection === 'deny' ? '--data-policy strict, or settings of the account' : 'settings of the account';
  return explainRouting({ id: model }, endpoints, question).map(({ endpoint, removedBy }: RoutedEndpoint) => ({
    provider: endpoint.providerName,
    tag: endpoint.tag,
    removedBy: removedBy ?? others,
  }));
}

/** Returns the models that have an endpoint with zero data retention that the other filters of a request leave too. */
export function passingModels(endpoints: readonly ModelEndpoint[], { routing, workload }: RoutingQuestion): readonly string[] {
  const passes = (one: ModelEndpoint): boolean => whyExcluded({ id: one.modelId }, one, workload, routing) === undefined;
  return [...new Set(endpoints.filter(passes).map(({ modelId }) => modelId))];
}

/** Returns a line for each filter with the providers that it removed. */
export function removalLines(removed: readonly RemovedProvider[]): readonly string[] {
  const tags = new Map<string, string[]>();
  for (const { removedBy, tag } of removed) tags.set(removedBy, [...(tags.get(removedBy) ?? []), tag]);
  return [...tags].map(([removedBy, names]) => `${names.join(', ')}: ${removedBy}`);
}
