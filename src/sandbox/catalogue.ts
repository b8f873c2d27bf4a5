import { CATALOGUE_DATE, type EndpointFacts, type ModelFacts, type Prices, PROVIDERS } from './model-facts.ts';
import { ANTHROPIC_MODELS } from './models/anthropic.ts';
import { DEEPSEEK_MODELS } from './models/deepseek.ts';
import { FURTHER_MODELS } from './models/further.ts';
import { GOOGLE_MODELS } from './models/google.ts';
import { META_AND_MISTRAL_MODELS } from './models/meta-and-mistral.ts';
import { OPENAI_MODELS } from './models/openai.ts';
import { QWEN_AND_OTHER_MODELS } from './models/qwen-and-others.ts';
import { VECTOR_MODELS } from './models/vectors.ts';
import { SPECIAL_FACTS } from './special-models.ts';

export const ALL_MODELS: readonly ModelFacts[] = [
  ...DEEPSEEK_MODELS,
  ...OPENAI_MODELS,
  ...ANTHROPIC_MODELS,
  ...GOOGLE_MODELS,
  ...META_AND_MISTRAL_MODELS,
  ...QWEN_AND_OTHER_MODELS,
  ...FURTHER_MODELS,
  ...VECTOR_MODELS,
  ...SPECIAL_FACTS,
].sort((a, b) => b.created - a.created);

const BY_ID = new Map(ALL_MODELS.map((model) => [model.id, model]));
const BY_CANONICAL_SLUG = new Map(ALL_MODELS.toReversed().map((model) => [model.canonicalSlug, model]));

/** Finds a model by its id or its permanent slug. */
export function findFacts(id: string): ModelFacts | undefined {
  return BY_ID.get(id) ?? BY_CANONICAL_SLUG.get(id);
}

/** Returns the tag that selects an endpoint in routing preferences. */
export function endpointTag(endpoint: EndpointFacts): string {
  const { slug } = PROVIDERS[endpoint.provider];
  const variant = endpoint.variant ?? endpoint.quantization;
  return variant === undefined ? slug : `${slug}/${variant}`;
}

/** Returns the unit prices of a model at an endpoint. */
export function endpointPrices(model: ModelFacts, endpoint: EndpointFacts): Prices {
  return endpoint.prices ?? model.prices;
}

/** Returns the body of GET /models. */
export function catalogueBody(): string {
  return JSON.stringify({
    data: ALL_MODELS.map(wireModel),
    total_count: ALL_MODELS.length,
    links: { next: null },
    sandbox: `Not OpenRouter's catalog: a selection in the orx sandbox, with prices and limits as of ${CATALOGUE_DATE}.`,
  });
}

function wireModel(model: ModelFacts): Record<string, unknown> {
  const top = model.endpoints[0];
  return {
    id: model.id,
    canonical_slug: model.canonicalSlug,
    hugging_face_id: null,
    name: model.name,
    created: model.created,
    description: description(model),
    context_length: model.contextLength,
    architecture: architecture(model),
    pricing: wirePricing(model, top === undefined ? model.prices : endpointPrices(model, top)),
    top_provider: {
      context_length: top?.contextLength ?? model.contextLength,
      max_completion_tokens: top?.maxOutput ?? model.maxOutput,
      is_moderated: model.isModerated === true,
    },
    per_request_limits: null,
    supported_parameters: model.parameters,
    default_parameters: {},
    supported_voices: null,
    knowledge_cutoff: model.cutoff ?? null,
    expiration_date: model.expirationDate ?? null,
    ...(model.reasoning === undefined
      ? {}
      : { reasoning: { mandatory: model.reasoning === 'always', default_enabled: model.reasoning !== 'on-request' } }),
    ...(model.aliasOf === undefined
      ? {}
      : { alias_target: { slug: model.aliasOf, name: findFacts(model.aliasOf)?.name ?? model.aliasOf } }),
    links: { details: `/api/v1/models/${model.id}/endpoints` },
  };
}

/** Returns the `data` of GET /models/{author}/{slug}/endpoints. An alias has the endpoints of its target. */
export function wireEndpoints(model: ModelFacts): Record<string, unknown> & { endpoints: readonly unknown[] } {
  const target = (model.aliasOf === undefined ? undefined : findFacts(model.aliasOf)) ?? model;
  return {
    id: model.id,
    name: model.name,
    created: model.created,
    description: description(model),
    architecture: architecture(model),
    endpoints: target.endpoints.map((endpoint) => wireEndpoint(target, endpoint)),
  };
}

/**
 * Returns the `data` of GET /endpoints/zdr: endpoints with zero data retention, by the policies that the sandbox assumes. Aliases
 * have no rows.
 */
export function wireZdrEndpoints(): readonly unknown[] {
  return ALL_MODELS.flatMap((model) =>
    model.endpoints
      .filter(({ provider }) => PROVIDERS[provider].policy === 'zero-retention')
      .map((endpoint) => wireEndpoint(model, endpoint)),
  );
}

function wireEndpoint(model: ModelFacts, endpoint: EndpointFacts): Record<string, unknown> {
  const hasTools = model.parameters.includes('tool_choice');
  return {
    name: `${endpoint.provider} | ${model.canonicalSlug}`,
    model_id: model.id,
    model_name: model.name,
    context_length: endpoint.contextLength ?? model.contextLength,
    pricing: wirePricing(model, endpointPrices(model, endpoint)),
    provider_name: endpoint.provider,
    tag: endpointTag(endpoint),
    quantization: endpoint.quantization ?? 'unknown',
    max_completion_tokens: endpoint.maxOutput ?? model.maxOutput,
    max_prompt_tokens: null,
    supported_parameters: model.parameters,
    status: endpoint.uptime < 95 ? -2 : 0,
    uptime_last_5m: endpoint.uptime,
    uptime_last_30m: endpoint.uptime,
    uptime_last_1d: endpoint.uptime,
    latency_last_30m: percentiles(endpoint.latencyMs, 1.4),
    throughput_last_30m: percentiles(endpoint.throughput, 1.15),
    supports_implicit_caching: false,
    supports_tool_choice: { auto: hasTools, function: hasTools, none: hasTools, required: hasTools },
    supports_voice_cloning: false,
  };
}

function wirePricing(model: ModelFacts, prices: Prices): Record<string, unknown> {
  const long = model.longPrompt;
  return long === undefined ? { ...prices } : { ...prices, overrides: [{ min_prompt_tokens: long.above, ...long.prices }] };
}

function architecture(model: ModelFacts): Record<string, unknown> {
  const output = model.output ?? ['text'];
  return {
    modality: `${model.input.join('+')}->${output.join('+')}`,
    input_modalities: model.input,
    output_modalities: output,
    tokenizer: model.tokenizer,
    instruct_type: null,
  };
}

function description(model: ModelFacts): string {
  return `${model.about} (orx sandbox: answers are simulated; facts as of ${CATALOGUE_DATE}.)`;
}

function percentiles(p50: number, step: number): Record<string, number> {
  const [p75, p90, p99] = [1, 2, 4].map((power) => Math.round(p50 * step ** power));
  return { p50, p75: p75!, p90: p90!, p99: p99! };
}
