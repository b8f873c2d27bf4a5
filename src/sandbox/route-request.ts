import type { OrxError } from '../errors.ts';
import { type Message, messageText } from '../apis/message.ts';
import type { ChatRequest, RoutingAttempt, RoutingPreferences } from '../apis/completion.ts';
import { chooseEndpoints, type Needs } from './choose-endpoints.ts';
import type { EndpointFacts, ModelFacts } from './model-facts.ts';
import { hashText } from './random.ts';
import { unknownModel } from './refusals.ts';
import { findFacts } from './catalogue.ts';
import { specialName, SUBSTITUTE } from './special-models.ts';
import { countPieces } from './token-pieces.ts';

export interface EndpointRoute {
  model: ModelFacts;
  endpoint: EndpointFacts;
  /** The requested model, which decides special behavior. The reply may name another model. */
  asked: ModelFacts;
  promptTokens: number;
  routing: { requested: string; strategy: string; attempts: readonly RoutingAttempt[]; available: readonly EndpointFacts[] };
}

/** Tokens of an image or another medium in the prompt. */
const MEDIUM_TOKENS = 1290;

/** Models that the auto router may choose. */
const AUTO_CHOICES = [
  'google/gemini-2.5-flash',
  'anthropic/claude-haiku-4.5',
  'openai/gpt-4o-mini',
  'deepseek/deepseek-chat',
] as const;

interface Candidate {
  asked: ModelFacts;
  model: ModelFacts;
  strategy: string;
  routing: RoutingPreferences;
}

/**
 * Selects what answers: the first endpoint of the first model that does not fail. `refuse` returns the failure of a model, if
 * any. Throws the last failure when no candidate is left, and the API's 400 for an unknown model.
 */
export function routeRequest(request: ChatRequest, refuse: (asked: ModelFacts) => OrxError | undefined): EndpointRoute {
  const candidates = [request.model, ...(request.fallbackModels ?? [])].map((id) => candidateOf(id, request));
  const promptTokens = countPrompt(request.messages);
  const needs: Needs = {
    promptTokens,
    hasImages: hasImages(request),
    hasTools: request.tools !== undefined || Array.isArray(request.extra?.['tools']),
  };
  const attempts: RoutingAttempt[] = [];
  let failure: unknown;
  for (const [index, { asked, model, strategy, routing }] of candidates.entries()) {
    try {
      const available = chooseEndpoints(model, routing, needs);
      for (const endpoint of available) {
        const refused = refuse(asked);
        attempts.push({ provider: endpoint.provider, model: model.canonicalSlug, status: refused?.status ?? 200 });
        if (refused === undefined) {
          const taken = index === 0 ? strategy : 'fallback';
          return {
            model,
            endpoint,
            asked,
            promptTokens,
            routing: { requested: request.model, strategy: taken, attempts, available },
          };
        }
        failure = refused;
      }
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

/** `:nitro` and `:floor` sort, `:online` and `:exacto` have no effect here; `:free` is a separate model. */
const VARIANTS: Readonly<Record<string, RoutingPreferences>> = {
  nitro: { sort: 'throughput' },
  floor: { sort: 'price' },
  exacto: {},
  online: {},
};

function candidateOf(id: string, request: ChatRequest): Candidate {
  const cut = id.lastIndexOf(':');
  const variant = cut < 0 ? undefined : VARIANTS[id.slice(cut + 1)];
  const asked = findFacts(id) ?? (variant === undefined ? undefined : findFacts(id.slice(0, cut)));
  if (asked === undefined) throw unknownModel(id);
  const { model, strategy } = resolve(asked, request);
  return { asked, model, strategy, routing: { ...variant, ...withoutAbsent(request.routing ?? {}) } };
}

function resolve(asked: ModelFacts, request: ChatRequest): { model: ModelFacts; strategy: string } {
  if (asked.id === 'openrouter/auto') {
    const choice = AUTO_CHOICES[hashText(JSON.stringify(request.messages)) % AUTO_CHOICES.length]!;
    return { model: findFacts(choice)!, strategy: 'auto' };
  }
  if (asked.aliasOf !== undefined) return { model: findFacts(asked.aliasOf)!, strategy: 'latest' };
  if (specialName(asked.id) === 'substitute') return { model: findFacts(SUBSTITUTE)!, strategy: 'direct' };
  return { model: asked, strategy: 'direct' };
}

function withoutAbsent(routing: RoutingPreferences): RoutingPreferences {
  return Object.fromEntries(Object.entries(routing).filter(([, value]) => value !== undefined));
}

function hasImages({ messages }: ChatRequest): boolean {
  return messages.some(({ content }) => typeof content !== 'string' && content.some(({ type }) => type === 'image'));
}

/** Returns the tokens of a conversation: those of its texts, a constant for every medium, and four per message. */
function countPrompt(messages: readonly Message[]): number {
  return messages.reduce((sum, message) => sum + countPieces(messageText(message)) + mediaOf(message) * MEDIUM_TOKENS + 4, 0);
}

function mediaOf({ content }: Message): number {
  return typeof content === 'string' ? 0 : content.filter(({ type }) => type !== 'text').length;
}
