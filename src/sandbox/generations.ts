import { EMPTY_GENERATION } from '../apis/empty-generation.ts';
import { type Decimal, decimal, decimalText } from '../decimal.ts';
import type { Charge, Tokens } from './charge.ts';
import type { Plan } from './plan.ts';
import { nativeReason, servedModel, wireAmount } from './wire-chunks.ts';

/** Number of generations that are stored; the oldest are removed first. */
const REMEMBERED = 1000;
const CREDITS = '100';

export interface GenerationOutcome {
  plan: Plan;
  streamed: boolean;
  tokens: Tokens;
  charge: Charge;
  /** How it ended: as planned, canceled by the client, or failed at the provider. */
  end: 'finished' | 'canceled' | 'failed';
  latencyMs: number;
  durationMs: number;
}

/** The generations of this process, and their total cost. */
export class Generations {
  readonly #byId = new Map<string, Record<string, unknown>>();
  #total: Decimal = decimal(0);

  add(outcome: GenerationOutcome): void {
    const cost = outcome.charge.total;
    this.#total = this.#total.plus(cost);
    this.#byId.set(outcome.plan.id, wireGeneration(outcome));
    const oldest = this.#byId.keys().next();
    if (this.#byId.size > REMEMBERED && oldest.done !== true) this.#byId.delete(oldest.value);
  }

  find(id: string): Record<string, unknown> | undefined {
    return this.#byId.get(id);
  }

  /** Returns the `data` of GET /credits. */
  wireCredits(): Record<string, unknown> {
    return { total_credits: Number(CREDITS), total_usage: Number(decimalText(this.#total)) };
  }

  /** Returns the `data` of GET /key. */
  wireKey(): Record<string, unknown> {
    const usage = Number(decimalText(this.#total));
    return {
      label: 'orx sandbox (play money)',
      limit: null,
      limit_remaining: null,
      limit_reset: null,
      include_byok_in_limit: false,
      usage,
      usage_daily: usage,
      usage_weekly: usage,
      usage_monthly: usage,
      byok_usage: 0,
      byok_usage_daily: 0,
      byok_usage_weekly: 0,
      byok_usage_monthly: 0,
      is_free_tier: false,
      is_management_key: false,
      is_provisioning_key: false,
      free_model_daily_requests: { limit: 1000, remaining: 1000, used: 0 },
      allowed_data_regions: ['global'],
      creator_user_id: null,
      organization_id: null,
      workspace_id: 'sandbox',
      expires_at: null,
      rate_limit: { requests: -1, interval: '10s', note: 'the sandbox has no rate limit' },
    };
  }
}

function wireGeneration({
  plan,
  streamed,
  tokens,
  charge,
  end,
  latencyMs,
  durationMs,
}: GenerationOutcome): Record<string, unknown> {
  const cost = wireAmount(charge.total);
  const reason = end === 'finished' ? plan.finishReason : end === 'failed' ? 'error' : null;
  return {
    ...EMPTY_GENERATION,
    id: plan.id,
    model: servedModel(plan),
    provider_name: plan.endpoint.provider,
    created_at: new Date(plan.createdMs).toISOString(),
    streamed,
    cancelled: end === 'canceled',
    finish_reason: reason,
    native_finish_reason: end === 'finished' ? nativeReason(plan.model.id, plan.finishReason) : reason,
    latency: Math.round(latencyMs),
    generation_time: Math.round(durationMs),
    tokens_prompt: tokens.prompt,
    tokens_completion: tokens.completion,
    native_tokens_prompt: tokens.prompt,
    native_tokens_completion: tokens.completion,
    native_tokens_reasoning: tokens.reasoning,
    native_tokens_cached: 0,
    native_tokens_completion_images: tokens.image === 0 ? null : tokens.image,
    total_cost: cost,
    usage: cost,
    upstream_inference_cost: cost,
    router: plan.routing.requested === 'openrouter/auto' ? 'openrouter/auto' : null,
    provider_responses: [
      {
        provider_name: plan.endpoint.provider,
        status: 200,
        latency: Math.round(latencyMs),
        is_byok: false,
        model_permaslug: plan.model.canonicalSlug,
      },
    ],
  };
}
