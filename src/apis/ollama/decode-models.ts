import type { ListedModel } from '../dialect.ts';
import { modelList } from '../wire/model-list.ts';
import { asObject, asText, type WireObject } from '../wire/wire-value.ts';

/** Returns the models installed on the server, from the body of `/api/tags`. */
export function decodeOllamaModels(body: string): readonly ListedModel[] {
  return modelList(body, 'models').flatMap((model) => decodeModel(model) ?? []);
}

function decodeModel(model: WireObject): ListedModel | undefined {
  const id = asText(model['model']) ?? asText(model['name']);
  if (id === undefined) return undefined;
  const details = asObject(model['details']);
  const facts = [
    asText(details?.['family']),
    asText(details?.['parameter_size']),
    asText(details?.['quantization_level']),
  ].filter((fact) => fact !== undefined);
  const changed = Date.parse(asText(model['modified_at']) ?? '');
  return {
    id,
    name: asText(model['name']) ?? id,
    ...(facts.length > 0 && { description: facts.join(', ') }),
    ...(!Number.isNaN(changed) && { created: Math.floor(changed / 1000) }),
  };
}
