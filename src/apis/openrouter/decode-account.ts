import { parseCost } from '../../paid-cost.ts';
import type { Credits, Generation, KeyInfo } from '../api.ts';
import { asAmount, asArray, asBoolean, asCount, asNumber, asObject, asText } from '../wire/wire-value.ts';

/** Decodes the `data` of GET /key. */
export function decodeKey(data: unknown): KeyInfo {
  const wire = asObject(data) ?? {};
  return {
    label: asText(wire['label']),
    limit: asAmount(wire['limit']),
    limitRemaining: asAmount(wire['limit_remaining']),
    limitReset: asText(wire['limit_reset']),
    usage: asAmount(wire['usage']),
    isFreeTier: asBoolean(wire['is_free_tier']),
    isManagementKey: asBoolean(wire['is_management_key']) ?? asBoolean(wire['is_provisioning_key']),
    expiresAt: asText(wire['expires_at']),
    wire: data,
  };
}

/** Decodes the `data` of GET /credits. */
export function decodeCredits(data: unknown): Credits {
  const wire = asObject(data) ?? {};
  return { totalCredits: asAmount(wire['total_credits']), totalUsage: asAmount(wire['total_usage']), wire: data };
}

/** Decodes the `data` of GET /generation. Token counts are the provider's own. */
export function decodeGeneration(data: unknown): Generation {
  const wire = asObject(data) ?? {};
  return {
    id: asText(wire['id']) ?? '',
    model: asText(wire['model']),
    provider: asText(wire['provider_name']),
    cost: parseCost(wire['total_cost']) ?? parseCost(wire['usage']),
    isByok: asBoolean(wire['is_byok']),
    upstreamCost: wire['is_byok'] === true ? parseCost(wire['upstream_inference_cost']) : undefined,
    promptTokens: asCount(wire['native_tokens_prompt']) ?? asCount(wire['tokens_prompt']),
    completionTokens: asCount(wire['native_tokens_completion']) ?? asCount(wire['tokens_completion']),
    cachedTokens: asCount(wire['native_tokens_cached']),
    reasoningTokens: asCount(wire['native_tokens_reasoning']),
    finishReason: asText(wire['finish_reason']),
    nativeFinishReason: asText(wire['native_finish_reason']),
    createdAt: asText(wire['created_at']),
    isStreamed: asBoolean(wire['streamed']),
    isCanceled: asBoolean(wire['cancelled']),
    latencyMs: asCount(wire['latency']),
    generationMs: asCount(wire['generation_time']),
    serviceTier: asText(wire['service_tier']),
    region: asText(wire['data_region']),
    attempts: asArray(wire['provider_responses']).flatMap((item) => {
      const attempt = asObject(item);
      const provider = asText(attempt?.['provider_name']);
      if (attempt === undefined || provider === undefined) return [];
      return { provider, status: asNumber(attempt['status']), latencyMs: asCount(attempt['latency']) };
    }),
    wire: data,
  };
}
