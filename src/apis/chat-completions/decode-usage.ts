import type { RoutingAttempt, Usage } from '../completion.ts';
import { decimal, decimalText } from '../../decimal.ts';
import { parseCost } from '../../paid-cost.ts';
import { asArray, asBoolean, asTokens, asNumber, asObject, asText, type WireObject } from '../wire/wire-value.ts';

/** Decodes the `usage` object of a reply. Returns undefined when it has none. */
export function decodeUsage(value: unknown): Usage | undefined {
  const wire = asObject(value);
  if (wire === undefined) return undefined;
  const promptDetails = asObject(wire['prompt_tokens_details']);
  const completionDetails = asObject(wire['completion_tokens_details']);
  const promptTokens = asTokens(wire['prompt_tokens']) ?? 0;
  const completionTokens = asTokens(wire['completion_tokens']) ?? 0;
  return {
    promptTokens,
    completionTokens,
    totalTokens: asTokens(wire['total_tokens']) ?? promptTokens + completionTokens,
    cachedTokens: asTokens(promptDetails?.['cached_tokens']),
    cacheWriteTokens: asTokens(promptDetails?.['cache_write_tokens']),
    reasoningTokens: asTokens(completionDetails?.['reasoning_tokens']),
    cost: parseCost(wire['cost']),
    isByok: asBoolean(wire['is_byok']),
    upstreamCost: wire['is_byok'] === true ? upstreamCost(asObject(wire['cost_details'])) : undefined,
    wire,
  };
}

/**
 * Returns the `usage` object of a stream that has sent several. Counts are cumulative, so the last object wins and nothing is
 * added up. Values that the last object lacks (`{}`, null, a missing field, a count that is zero again, an invalid cost) keep the
 * earlier value. One exception: a cost of zero from before the answer's end is dropped when new counts arrive.
 */
export function laterUsage(before: unknown, next: unknown): unknown {
  const [known, wire] = [asObject(before), asObject(next)];
  const isEmpty = wire === undefined || Object.values(wire).every((value) => value === null);
  if (isEmpty || (known !== undefined && !hasCounts(wire))) return before;
  if (known === undefined) return next;
  const merged: Record<string, unknown> = { ...known };
  // These were computed from the earlier counts.
  if ('prompt_tokens' in wire || 'completion_tokens' in wire) delete merged['total_tokens'];
  if (Number(merged['cost']) === 0) delete merged['cost'];
  for (const [key, value] of Object.entries(wire)) {
    const earlier = known[key];
    // Perplexity's cost is an object, which is merged like any other.
    const isObjects = asObject(value) !== undefined && asObject(earlier) !== undefined;
    const isLost = value === null || value === undefined || (key === 'cost' && parseCost(value) === undefined && !isObjects);
    const isReset = value === 0 && typeof earlier === 'number' && earlier > 0;
    if ((isLost || isReset) && earlier !== undefined) continue;
    merged[key] = isObjects ? laterUsage(earlier, value) : value;
  }
  return merged;
}

/** Returns whether any count in the object is above zero. */
function hasCounts(wire: WireObject): boolean {
  return Object.values(wire).some((value) => {
    const object = asObject(value);
    return object === undefined ? Number(parseCost(value) ?? 0) > 0 : hasCounts(object);
  });
}

/** Returns what a provider charged: the total, or the sum of its two parts. */
function upstreamCost(details: WireObject | undefined): string | undefined {
  const whole = parseCost(details?.['upstream_inference_cost']);
  const prompt = parseCost(details?.['upstream_inference_prompt_cost']);
  const completion = parseCost(details?.['upstream_inference_completions_cost']);
  if (whole !== undefined || prompt === undefined || completion === undefined) return whole;
  return decimalText(decimal(prompt).plus(completion));
}

/** Decodes the opt-in `openrouter_metadata`: the providers that were tried, and how the request was routed. */
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
