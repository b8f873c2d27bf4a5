import { decimalText } from '../decimal.ts';
import type { Charge, Tokens } from './charge.ts';
import { HOSTILE_PROVIDER } from './hostile-text.ts';
import type { Plan } from './plan.ts';

/** Creates the chunks of one answer as JSON text in OpenRouter's form. */
export class WireChunks {
  readonly #plan: Plan;
  readonly #head: Record<string, unknown>;
  readonly #native: string;

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#head = {
      id: plan.id,
      object: 'chat.completion.chunk',
      created: Math.floor(plan.createdMs / 1000),
      model: servedModel(plan),
      provider: plan.special === 'hostile' ? HOSTILE_PROVIDER : plan.endpoint.provider,
    };
    this.#native = nativeReason(plan.model.id, plan.finishReason);
  }

  reasoning(text: string): string {
    const details = [{ type: 'reasoning.text', text, format: reasoningFormat(this.#plan.model.id), index: 0 }];
    return this.#chunk({ role: 'assistant', content: '', reasoning: text, reasoning_details: details });
  }

  text(text: string): string {
    return this.#chunk({ role: 'assistant', content: text });
  }

  image(url: string): string {
    return this.#chunk({ role: 'assistant', content: '', images: [{ type: 'image_url', image_url: { url }, index: 0 }] });
  }

  finish(): string {
    return this.#chunk({ role: 'assistant', content: '' }, this.#plan.finishReason);
  }

  /** Returns the last chunk: usage, one choice that repeats the finish reason, and the routing metadata if requested. */
  usage(tokens: Tokens, charge: Charge, includeRouting: boolean): string {
    const extra: Record<string, unknown> = { usage: wireUsage(tokens, charge) };
    if (includeRouting) extra['openrouter_metadata'] = routingMetadata(this.#plan);
    return this.#chunk({ role: 'assistant', content: '' }, this.#plan.finishReason, extra);
  }

  /** Returns a mid-stream error. */
  error(error: Record<string, unknown>): string {
    return JSON.stringify({
      ...this.#head,
      error,
      choices: [
        {
          index: 0,
          delta: { role: 'assistant', content: '' },
          finish_reason: 'error',
          native_finish_reason: 'error',
          logprobs: null,
        },
      ],
    });
  }

  #chunk(delta: Record<string, unknown>, finishReason: string | null = null, extra: Record<string, unknown> = {}): string {
    return JSON.stringify({
      ...this.#head,
      choices: [
        {
          index: 0,
          delta,
          finish_reason: finishReason,
          native_finish_reason: finishReason === null ? null : this.#native,
          logprobs: null,
        },
      ],
      ...extra,
    });
  }
}

/** Returns the model's name in a reply: as in the real API, the dated slug for Anthropic's models and the id for others. */
export function servedModel({ model }: Pick<Plan, 'model'>): string {
  return model.id.startsWith('anthropic/') ? model.canonicalSlug : model.id;
}

/** Returns the finish reason in the terms of the author's own API. */
export function nativeReason(modelId: string, reason: 'stop' | 'length'): string {
  if (modelId.startsWith('anthropic/')) return reason === 'stop' ? 'end_turn' : 'max_tokens';
  if (modelId.startsWith('google/gemini')) return reason === 'stop' ? 'STOP' : 'MAX_TOKENS';
  return reason;
}

/** Returns an amount as a JSON number, exact up to 15 digits, which suffice here. */
export function wireAmount(amount: Charge['total']): number {
  return Number(decimalText(amount));
}

function wireUsage(tokens: Tokens, charge: Charge): Record<string, unknown> {
  return {
    prompt_tokens: tokens.prompt,
    completion_tokens: tokens.completion,
    total_tokens: tokens.prompt + tokens.completion,
    cost: wireAmount(charge.total),
    is_byok: false,
    prompt_tokens_details: { cached_tokens: 0, cache_write_tokens: 0, audio_tokens: 0, video_tokens: 0 },
    cost_details: {
      upstream_inference_cost: wireAmount(charge.total),
      upstream_inference_prompt_cost: wireAmount(charge.prompt),
      upstream_inference_completions_cost: wireAmount(charge.completion),
    },
    completion_tokens_details: { reasoning_tokens: tokens.reasoning, image_tokens: tokens.image, audio_tokens: 0 },
  };
}

function routingMetadata(plan: Plan): Record<string, unknown> {
  const { requested, strategy, attempts, available } = plan.routing;
  return {
    requested,
    strategy,
    region: null,
    summary: `available=${available.length}, selected=${plan.endpoint.provider}`,
    attempt: attempts.length,
    is_byok: false,
    endpoints: {
      total: plan.model.endpoints.length,
      available: available.map((endpoint) => ({
        provider: endpoint.provider,
        model: plan.model.canonicalSlug,
        selected: endpoint === plan.endpoint,
      })),
    },
    attempts,
  };
}

function reasoningFormat(modelId: string): string {
  if (modelId.startsWith('anthropic/')) return 'anthropic-claude-v1';
  if (modelId.startsWith('google/')) return 'google-gemini-v1';
  if (modelId.startsWith('x-ai/')) return 'xai-responses-v1';
  return 'unknown';
}
