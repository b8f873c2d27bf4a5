import type { ChatRequest } from '../../apis/completion.ts';

/** Parameters of a request and their names in catalogues, of which one is enough. */
const PARAMETER_NAMES = {
  temperature: ['temperature'],
  maxTokens: ['max_tokens', 'max_completion_tokens'],
  topP: ['top_p'],
  topK: ['top_k'],
  minP: ['min_p'],
  topA: ['top_a'],
  frequencyPenalty: ['frequency_penalty'],
  presencePenalty: ['presence_penalty'],
  repetitionPenalty: ['repetition_penalty'],
  seed: ['seed'],
  stop: ['stop'],
  logitBias: ['logit_bias'],
  reasoning: ['reasoning', 'reasoning_effort'],
  verbosity: ['verbosity'],
  responseFormat: ['response_format', 'structured_outputs'],
  tools: ['tools'],
  toolChoice: ['tool_choice', 'tools'],
  parallelToolCalls: ['parallel_tool_calls', 'tools'],
} as const satisfies Partial<Record<keyof ChatRequest, readonly string[]>>;

/** Returns the parameters that a request sets, each with its wire names. */
export function askedParameters(request: ChatRequest): readonly (readonly string[])[] {
  const entries = Object.entries(PARAMETER_NAMES) as [keyof typeof PARAMETER_NAMES, readonly string[]][];
  return entries
    .filter(([name, names]) => isSet(request[name]) || names.some((one) => isSet(request.extra?.[one])))
    .map(([, names]) => names);
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);
}
