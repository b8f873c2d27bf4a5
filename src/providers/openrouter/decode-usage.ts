import type { RoutingAttempt, Usage } from '../completion.ts';
import { decimal, decimalText } from '../../decimal.ts';
import { asAmount, asArray, asBoolean, asCount, asNumber, asObject, asText, type WireObject } from './wire-value.ts';

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
    isByok: asBoolean(wire['is_byok']),
    upstreamCost: wire['is_byok'] === true ? upstreamCost(asObject(wire['cost_details'])) : undefined,
    wire,
  };
}

/** What a provider charged: as a whole, or by its two parts. */
function upstreamCost(details: WireObject | undefined): string | undefined {
  const whole = asAmount(details?.['upstream_inference_cost']);
  const prompt = asAmount(details?.['upstream_inference_prompt_cost']);
  const completion = asAmount(details?.['upstream_inference_completions_cost']);
  if (whole !== undefined || prompt === undefined || completion === undefined) return whole;
  return decimalText(decimal(prompt).plus(completion));
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
