import type { ListedModel } from '../dialect.ts';
import { modelList } from '../wire/model-list.ts';
import { asArray, asCount, asText, type WireObject } from '../wire/wire-value.ts';

const SAMPLING = ['max_tokens', 'temperature', 'top_p', 'top_k', 'stop', 'seed', 'frequency_penalty', 'presence_penalty'];
/** Maps the features of Cohere's list to parameters. */
const FEATURES: Readonly<Record<string, readonly string[]>> = {
  tools: ['tools'],
  tool_choice: ['tool_choice'],
  json_mode: ['response_format'],
  json_schema: ['response_format', 'structured_outputs'],
  reasoning: ['reasoning', 'include_reasoning'],
  logprobs: ['logprobs'],
};

/** Returns the models of `/v1/models` that support chat. */
export function decodeCohereModels(body: string): readonly ListedModel[] {
  return modelList(body, 'models').flatMap((model) => decodeModel(model) ?? []);
}

function decodeModel(model: WireObject): ListedModel | undefined {
  const id = asText(model['name']);
  const endpoints = asArray(model['endpoints']);
  if (id === undefined || model['is_deprecated'] === true) return undefined;
  if (endpoints.length > 0 && !endpoints.includes('chat')) return undefined;
  const contextLength = asCount(model['context_length']);
  const features = Array.isArray(model['features']) ? asArray(model['features']).map(String) : undefined;
  return {
    id,
    contextLength: contextLength === 0 ? undefined : contextLength,
    ...(features !== undefined && {
      inputModalities: features.includes('vision') ? ['text', 'image'] : ['text'],
      supportedParameters: [...new Set([...SAMPLING, ...features.flatMap(parametersOf)])],
    }),
  };
}

function parametersOf(feature: string): readonly string[] {
  return Object.hasOwn(FEATURES, feature) ? FEATURES[feature]! : [];
}
