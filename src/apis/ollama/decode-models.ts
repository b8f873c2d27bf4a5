import { OrxError } from '../../errors.ts';
import type { ListedModel } from '../dialect.ts';
import { parseReply } from '../wire/parse-reply.ts';
import { asArray, asObject, asText } from '../wire/wire-value.ts';

/** The models that are installed on the server: the body of `/api/tags`. */
export function decodeOllamaModels(body: string): readonly ListedModel[] {
  const wire = parseReply(body);
  if (!Array.isArray(wire['models'])) {
    throw new OrxError('the reply holds no list of models', {
      kind: 'provider',
      code: 'no-models',
      hints: ['check the address: Ollama is at http://localhost:11434 unless OLLAMA_HOST says otherwise'],
    });
  }
  return asArray(wire['models']).flatMap((item) => decodeModel(item) ?? []);
}

function decodeModel(item: unknown): ListedModel | undefined {
  const model = asObject(item);
  const id = asText(model?.['model']) ?? asText(model?.['name']);
  if (model === undefined || id === undefined) return undefined;
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
