import type { Model } from '../../apis/catalogue.ts';
import { findListed } from '../models/find-listed.ts';
import type { RoutingTable, TargetGroup } from '../routing/target.ts';

/** Returns the models that clients see: first the names of the configuration, then all other models, if the gateway serves them. */
export function gatewayModels({ groups, aliases, servesUnlisted }: RoutingTable, models: readonly Model[]): readonly Model[] {
  const named = [...groups.values()].map((group) => namedModel(group.name, group, models));
  const others = [...aliases].flatMap(([alias, name]) => {
    const group = groups.get(name);
    return group === undefined ? [] : [namedModel(alias, group, models)];
  });
  const taken = new Set([...named, ...others].map(({ id }) => id));
  return [...named, ...others, ...(servesUnlisted ? models.filter(({ id }) => !taken.has(id)) : [])];
}

/** A name has the properties of its first target. */
function namedModel(name: string, { targets }: TargetGroup, models: readonly Model[]): Model {
  const [first] = targets;
  const model = first === undefined ? undefined : findListed(first.model, models);
  const wire = {
    ...(model?.wire as object | undefined),
    id: name,
    object: 'model',
    owned_by: 'orx',
    targets: targets.map((target) => target.model),
  };
  return {
    name,
    inputModalities: ['text'],
    outputModalities: ['text'],
    supportedParameters: [],
    pricing: { overrides: [] },
    ...model,
    id: name,
    canonicalSlug: undefined,
    wire,
  };
}
