import type { Usage } from '../../../apis/completion.ts';
import { memberText, withMembers } from '../../../text/json-members.ts';

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
    ...messageCost(usage),
  };
}

/** Returns an event of a vendor as JSON text, with the cost added to its counts and everything else as the vendor wrote it. */
export function withMessageCost(event: string, usage: Usage): string {
  const counts = memberText(event, 'usage');
  if (counts === undefined || !counts.startsWith('{')) return event;
  const cost = Object.entries(messageCost(usage)).map(([name, value]) => [name, JSON.stringify(value)]);
  return withMembers(event, { usage: withMembers(counts, Object.fromEntries(cost)) });
}

function messageCost({ cost, isByok, upstreamCost }: Usage): Record<string, unknown> {
  return {
    ...(cost !== undefined && { cost: Number(cost) }),
    ...(isByok !== undefined && { is_byok: isByok }),
    ...(upstreamCost !== undefined && { cost_details: { upstream_inference_cost: Number(upstreamCost) } }),
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
