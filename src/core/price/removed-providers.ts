import type { Endpoint, Model, ModelEndpoint } from '../../apis/catalogue.ts';
import { explainRouting, type RoutedEndpoint, type RoutingQuestion } from './explain-routing.ts';
import { isTooExpensive } from './endpoint-exclusion.ts';

/** A provider that cannot answer a request, and the filter that removes it. */
export interface RemovedProvider {
  provider: string;
  tag: string;
  removedBy: string;
  /** A filter of the request has removed it. Otherwise the API did, for a reason that it does not state. */
  isExplained: boolean;
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
    isExplained: removedBy !== undefined,
  }));
}

/** Returns whether an endpoint of a model may answer a request, as far as its filters say. `blocked`: providers that the API has removed itself. */
export function passes(
  model: string,
  row: { endpoint: Endpoint; keepsNothing: boolean | undefined },
  question: RoutingQuestion,
  blocked: ReadonlySet<string>,
): boolean {
  const [routed] = explainRouting({ id: model }, [row], question);
  return routed!.removedBy === undefined && !blocked.has(row.endpoint.providerName);
}

/** Returns the models that have such an endpoint, from a list of endpoints with zero data retention. */
export function passingModels(
  endpoints: readonly ModelEndpoint[],
  question: RoutingQuestion,
  blocked: ReadonlySet<string> = new Set(),
): readonly string[] {
  const passing = endpoints.filter((endpoint) => passes(endpoint.modelId, { endpoint, keepsNothing: true }, question, blocked));
  return [...new Set(passing.map(({ modelId }) => modelId))];
}

/** Returns whether a model can have such an endpoint, by its price and its parameters in the catalog. */
export function mayPass({ pricing, supportedParameters }: Model, { routing, parameters }: RoutingQuestion): boolean {
  if (routing.maxPrice !== undefined && isTooExpensive({ pricing }, routing.maxPrice)) return false;
  const supportsAll = parameters.every((names) => names.some((name) => supportedParameters.includes(name)));
  return routing.requireParameters !== true || supportsAll;
}

/** Returns a line for each filter with the providers that it removed. */
export function removalLines(removed: readonly RemovedProvider[]): readonly string[] {
  const tags = new Map<string, string[]>();
  for (const { removedBy, tag } of removed) tags.set(removedBy, [...(tags.get(removedBy) ?? []), tag]);
  return [...tags].map(([removedBy, names]) => `${names.join(', ')}: ${removedBy}`);
}
