import type { RoutingAttempt, Usage } from '../completion.ts';
import { asAmount, asArray, asCount, asNumber, asObject, asText } from './wire-value.ts';

/** The `usage` object of a reply; undefined when there is none. */
export function decodeUsage(value: unknown): Usage | undefined {
  const wire = asObject(value);
  if (wire === undefined) return undefined;
  const promptDetails = asObject(wire['prompt_tokens_details']);
  const completionDetails = asObject(wire['completion_tokens_details']);
  const promptTokens = asCount(wire['prompt_tokens']) ?? 0;
  const completionTokens = asCount(wire['completion_tokens']) ?? 0;
  return {
    promptTokens,
    completionTokens,
    totalTokens: asCount(wire['total_tokens']) ?? promptTokens + completionTokens,
    cachedTokens: asCount(promptDetails?.['cached_tokens']),
    cacheWriteTokens: asCount(promptDetails?.['cache_write_tokens']),
    reasoningTokens: asCount(completionDetails?.['reasoning_tokens']),
    cost: asAmount(wire['cost']),
    isByok: typeof wire['is_byok'] === 'boolean' ? wire['is_byok'] : undefined,
    wire,
  };
}

/** The opt-in `openrouter_metadata`: which providers were tried, and how the request was routed. */
export function decodeRouting(
  value: unknown,
): { attempts: readonly RoutingAttempt[]; strategy?: string | undefined; region?: string | undefined } | undefined {
  const wire = asObject(value);
  if (wire === undefined) return undefined;
  const attempts: RoutingAttempt[] = [];
  for (const item of asArray(wire['attempts'])) {
    const attempt = asObject(item);
    const provider = asText(attempt?.['provider']);
    if (attempt === undefined || provider === undefined) continue;
    attempts.push({ provider, model: asText(attempt['model']), status: asNumber(attempt['status']) });
  }
  return { attempts, strategy: asText(wire['strategy']), region: asText(wire['region']) };
}
