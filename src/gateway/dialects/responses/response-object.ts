import type { Usage } from '../../../apis/completion.ts';
import { type FieldValues, isFields } from '../fields.ts';

/** The id and model of a response, as far as they are known. */
export interface ResponseHead {
  id: string;
  model: string;
  provider?: string | undefined;
  created: number;
}

/** The state of a response. */
export interface ResponseState {
  status: 'in_progress' | 'completed' | 'incomplete' | 'failed';
  output: readonly FieldValues[];
  usage?: Usage | undefined;
  /** Seconds since 1970. */
  completedAt?: number | undefined;
  /** Why it is incomplete. */
  reason?: string | undefined;
  error?: { code: string; message: string } | undefined;
}

/** Request fields that a response repeats, with their defaults. */
const REPEATED: FieldValues = {
  instructions: null,
  max_output_tokens: null,
  max_tool_calls: null,
  metadata: {},
  parallel_tool_calls: true,
  prompt_cache_key: null,
  safety_identifier: null,
  temperature: 1,
  top_logprobs: 0,
  top_p: 1,
  presence_penalty: 0,
  frequency_penalty: 0,
  tool_choice: 'auto',
  truncation: 'disabled',
  user: null,
};

/** Returns the complete object, for events and whole replies. */
export function responseObject(head: ResponseHead, asked: FieldValues, state: ResponseState): FieldValues {
  const { status, output, usage, completedAt = null, reason, error = null } = state;
  return {
    id: head.id,
    object: 'response',
    created_at: head.created,
    completed_at: status === 'completed' ? completedAt : null,
    status,
    background: false,
    error,
    incomplete_details: reason === undefined ? null : { reason },
    model: head.model,
    ...(head.provider !== undefined && { provider: head.provider }),
    output,
    previous_response_id: null,
    ...Object.fromEntries(Object.entries(REPEATED).map(([name, absent]) => [name, asked[name] ?? absent])),
    reasoning: reasoningOf(asked['reasoning']),
    service_tier: asked['service_tier'] ?? 'default',
    store: false,
    text: textOf(asked['text']),
    tools: Array.isArray(asked['tools']) ? asked['tools'].map(toolOf) : [],
    usage: usage === undefined ? null : responseUsage(usage),
  };
}

function reasoningOf(asked: unknown): FieldValues {
  return { effort: null, summary: null, ...(isFields(asked) && asked) };
}

function textOf(asked: unknown): FieldValues {
  return { format: { type: 'text' }, ...(isFields(asked) && asked) };
}

/** A function has all its fields in a response. */
function toolOf(tool: unknown): unknown {
  if (!isFields(tool) || tool['type'] !== 'function') return tool;
  return { description: null, parameters: null, strict: null, ...tool };
}

/** Encodes counts with the names of this dialect, and OpenRouter's fields for the cost. */
function responseUsage(usage: Usage): FieldValues {
  return {
    input_tokens: usage.promptTokens,
    input_tokens_details: { cached_tokens: usage.cachedTokens ?? 0, cache_write_tokens: usage.cacheWriteTokens ?? 0 },
    output_tokens: usage.completionTokens,
    output_tokens_details: { reasoning_tokens: usage.reasoningTokens ?? 0 },
    total_tokens: usage.totalTokens,
    ...responseCost(usage),
  };
}

/** Returns what OpenRouter adds to the counts: the cost, in USD. */
export function responseCost(usage: Usage): FieldValues {
  return {
    ...(usage.cost !== undefined && { cost: Number(usage.cost) }),
    ...(usage.isByok !== undefined && { is_byok: usage.isByok }),
    ...(usage.upstreamCost !== undefined && { cost_details: { upstream_inference_cost: Number(usage.upstreamCost) } }),
  };
}
