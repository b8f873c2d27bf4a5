import type { ListedModel } from '../dialect.ts';
import { modelList } from '../wire/model-list.ts';
import { asArray, asCount, asText, type WireObject } from '../wire/wire-value.ts';
import { bareModel, isGemma } from './model-facts.ts';

const SAMPLING = ['max_tokens', 'temperature', 'top_p', 'top_k', 'stop', 'seed', 'frequency_penalty', 'presence_penalty'];
const CALLING = ['tools', 'tool_choice', 'response_format', 'structured_outputs'];
/** Models with media or vectors as output: they do not support tools. */
const SPECIAL = /-(image|tts|audio|live|embedding|aqa)\b|^(imagen|veo|lyria|embedding|aqa)/i;

/** Returns the models of `/models` that support chat. */
export function decodeGeminiModels(body: string): readonly ListedModel[] {
  return modelList(body, 'models').flatMap((model) => decodeModel(model) ?? []);
}

function decodeModel(model: WireObject): ListedModel | undefined {
  const name = asText(model['name']);
  const methods = asArray(model['supportedGenerationMethods']);
  if (name === undefined || (methods.length > 0 && !methods.includes('generateContent'))) return undefined;
  const id = bareModel(name);
  return {
    id,
    name: asText(model['displayName']),
    description: asText(model['description']),
    contextLength: asCount(model['inputTokenLimit']),
    maxCompletionTokens: asCount(model['outputTokenLimit']),
    supportedParameters: [
      ...SAMPLING,
      ...(isGemma(id) || SPECIAL.test(id) ? [] : CALLING),
      ...(model['thinking'] === true ? ['reasoning', 'include_reasoning'] : []),
    ],
  };
}
