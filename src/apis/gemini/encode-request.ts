import type { ChatRequest } from '../completion.ts';
import type { EncodedCompletion } from '../dialect.ts';
import type { Vendor } from '../vendors.ts';
import { droppedParameters, extraFields, type OptionalParameter, ownTools } from '../wire/direct-request.ts';
import { asObject } from '../wire/wire-value.ts';
import { encodeConfig } from './encode-config.ts';
import { encodeGeminiConversation } from './encode-contents.ts';
import { encodeFunctions } from './encode-tools.ts';
import { bareModel } from './model-facts.ts';

/** Cache markers are not listed here, because Google caches repeated content automatically. */
const MISSING: readonly OptionalParameter[] = [
  'minP',
  'topA',
  'repetitionPenalty',
  'logitBias',
  'verbosity',
  'parallelToolCalls',
  'maxToolCalls',
  'transforms',
  'metadata',
  'user',
];
const TIERS: Readonly<Record<string, string>> = { default: 'standard', standard: 'standard', flex: 'flex', priority: 'priority' };

/** Encodes a request of generateContent. The path always requests a stream. */
export function encodeGeminiRequest(request: ChatRequest, vendor: Vendor): EncodedCompletion {
  const model = bareModel(request.model);
  const tools = ownTools(request, vendor);
  const extra = extraFields(request);
  const dropped = [...droppedParameters(request, vendor, MISSING)];
  const { config, dropped: unsupported } = encodeConfig(request, model);
  const tier = encodeTier(request.serviceTier, vendor, dropped);
  return {
    path: `/${geminiResource(model)}:streamGenerateContent?alt=sse`,
    body: {
      ...extra,
      ...encodeGeminiConversation(request.messages, model, vendor),
      ...encodeFunctions(tools, request.toolChoice),
      ...(config !== undefined && { generationConfig: { ...asObject(extra['generationConfig']), ...config } }),
      ...(tier !== undefined && { serviceTier: tier }),
    },
    dropped: [...dropped, ...unsupported],
  };
}

/** Returns the resource path of a model: `models/…`, unless the id contains another kind, such as `tunedModels/mine`. */
export function geminiResource(name: string): string {
  const model = bareModel(name);
  const path = model.includes('/') ? model : `models/${model}`;
  return path.split('/').map(encodeURIComponent).join('/');
}

function encodeTier(tier: string | undefined, { label }: Vendor, dropped: string[]): string | undefined {
  if (tier === undefined || tier === 'auto') return undefined;
  if (!Object.hasOwn(TIERS, tier)) dropped.push(`service_tier ${tier}: ${label} accepts standard, flex and priority`);
  return Object.hasOwn(TIERS, tier) ? TIERS[tier] : undefined;
}
