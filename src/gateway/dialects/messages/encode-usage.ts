import type { Usage } from '../../../apis/completion.ts';

/**
 * Encodes counts in Anthropic's form: `input_tokens` excludes tokens read from or written to a cache. Adds the cost, like
 * OpenRouter.
 */
export function encodeMessageUsage(usage: Usage): Record<string, unknown> {
  const { promptTokens, completionTokens, cachedTokens, cacheWriteTokens, cacheWrite1hTokens, reasoningTokens } = usage;
  const written1h = cacheWrite1hTokens ?? 0;
  return {
    input_tokens: Math.max(0, promptTokens - (cachedTokens ?? 0) - (cacheWriteTokens ?? 0)),
    cache_creation_input_tokens: cacheWriteTokens ?? 0,
    cache_read_input_tokens: cachedTokens ?? 0,
    ...(cacheWriteTokens !== undefined && {
      cache_creation: {
        ephemeral_5m_input_tokens: Math.max(0, cacheWriteTokens - written1h),
        ephemeral_1h_input_tokens: written1h,
      },
    }),
    output_tokens: completionTokens,
    ...(reasoningTokens !== undefined && { output_tokens_details: { thinking_tokens: reasoningTokens } }),
    ...(usage.cost !== undefined && { cost: Number(usage.cost) }),
    ...(usage.isByok !== undefined && { is_byok: usage.isByok }),
    ...(usage.upstreamCost !== undefined && { cost_details: { upstream_inference_cost: Number(usage.upstreamCost) } }),
  };
}

/** The counts at the start of an answer, when nothing has been counted. */
export const NO_COUNTS = {
  input_tokens: 0,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
  cache_creation: null,
  output_tokens: 0,
  output_tokens_details: null,
  server_tool_use: null,
  service_tier: null,
};
