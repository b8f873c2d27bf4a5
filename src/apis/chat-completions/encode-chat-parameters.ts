import type { ChatDeviations, ChatParameter } from '../chat-deviations.ts';
import type { ChatRequest } from '../completion.ts';
import type { Vendor } from '../vendors.ts';
import { droppedParameters } from '../wire/direct-request.ts';

/** OpenRouter's names. They are OpenAI's names for the parameters that OpenAI has. */
const FIELDS: Readonly<Record<ChatParameter, string>> = {
  temperature: 'temperature',
  topP: 'top_p',
  topK: 'top_k',
  minP: 'min_p',
  topA: 'top_a',
  frequencyPenalty: 'frequency_penalty',
  presencePenalty: 'presence_penalty',
  repetitionPenalty: 'repetition_penalty',
  seed: 'seed',
  stop: 'stop',
  logitBias: 'logit_bias',
  verbosity: 'verbosity',
  parallelToolCalls: 'parallel_tool_calls',
  serviceTier: 'service_tier',
  metadata: 'metadata',
  user: 'user',
};
const CHAT_PARAMETERS = Object.keys(FIELDS) as readonly ChatParameter[];
/** GPT-5.1 and later accept sampling parameters when reasoning is disabled. */
const SAMPLES_WITHOUT_REASONING = /^gpt-5\.\d/i;
const SAMPLING: ReadonlySet<ChatParameter> = new Set(['temperature', 'topP']);

export interface EncodedParameters {
  fields: Readonly<Record<string, unknown>>;
  /** See EncodedCompletion. */
  dropped: readonly string[];
}

/** Encodes the sampling and output parameters that the vendor accepts. */
export function encodeChatParameters(request: ChatRequest, vendor: Vendor, deviations: ChatDeviations): EncodedParameters {
  const { maxTokensField = 'max_tokens', fields: names = {}, parameters, refuses = [] } = deviations;
  const fields: Record<string, unknown> = {};
  const missing = CHAT_PARAMETERS.filter((key) => parameters?.includes(key) === false);
  const dropped = [...droppedParameters(request, vendor, [...missing, 'maxToolCalls', 'transforms'])];
  if (request.maxTokens !== undefined) fields[maxTokensField] = request.maxTokens;
  const samples = request.reasoning?.effort === 'none' && SAMPLES_WITHOUT_REASONING.test(request.model);
  for (const key of CHAT_PARAMETERS) {
    const name = FIELDS[key];
    const value = request[key];
    // OpenAI rejects this parameter in requests without tools.
    if (value === undefined || (key === 'parallelToolCalls' && (request.tools ?? []).length === 0)) continue;
    if (missing.includes(key)) continue;
    if (refuses.includes(key) && !(samples && SAMPLING.has(key))) dropped.push(`${name}: ${request.model} does not accept it`);
    else fields[names[key] ?? name] = value;
  }
  return { fields, dropped };
}
