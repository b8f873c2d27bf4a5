import { type ChatRequest, type RoutingAttempt } from '../apis/completion.ts';
import type { AnswerFacts } from './answer-facts.ts';
import { requestedFormat, structuredAnswer } from './structured-answer.ts';
import { answerText, reasoningText } from './answer-text.ts';
import { HOSTILE_TEXT } from './hostile-text.ts';
import type { EndpointFacts, ModelFacts } from './model-facts.ts';
import { hashText } from './random.ts';
import type { EndpointRoute } from './route-request.ts';
import type { SpecialName } from './special-models.ts';
import { tokenPieces } from './token-pieces.ts';
import { anyText } from '../text/any-text.ts';

/** Everything about an answer, known before its first piece is sent. */
export interface Plan {
  id: string;
  /** Unix milliseconds. */
  createdMs: number;
  model: ModelFacts;
  endpoint: EndpointFacts;
  special: SpecialName | undefined;
  promptTokens: number;
  reasoning: readonly string[];
  /** Reasoning is counted and billed, but not shown. */
  hidesReasoning: boolean;
  text: readonly string[];
  image: { url: string; tokens: number } | undefined;
  finishReason: 'stop' | 'length';
  routing: { requested: string; strategy: string; attempts: readonly RoutingAttempt[]; available: readonly EndpointFacts[] };
}

// An orange square of eight by eight pixels.
const IMAGE_URL =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEUlEQVR42mN40WmDFTEMLQkAEz5rQftw/egAAAAASUVORK5CYII=';
const IMAGE_TOKENS = 1290;

const EFFORTS: Readonly<Record<string, number>> = { minimal: 1, low: 1, medium: 2, high: 4, xhigh: 5, max: 5 };

/** Returns the plan of an answer. Its pieces are cut off at the limit of `max_tokens` or the endpoint; reasoning counts first. */
export function planAnswer(
  request: ChatRequest,
  { model, endpoint, asked, promptTokens, routing }: EndpointRoute,
  special: SpecialName | undefined,
): Pick<Plan, 'reasoning' | 'hidesReasoning' | 'text' | 'image' | 'finishReason'> {
  const { messages } = request;
  const seed = seedOf(request, model);
  const { effort, isHidden } = reasoningOf(request, model);
  const reasoning = effort === 0 ? [] : tokenPieces(reasoningText(messages, seed, effort));
  const image = model.output?.includes('image') === true ? { url: IMAGE_URL, tokens: IMAGE_TOKENS } : undefined;
  const facts: AnswerFacts = {
    messages,
    requested: routing.requested,
    model,
    asked,
    endpoint,
    available: routing.available,
    failures: routing.attempts.filter(({ status }) => status !== 200),
    promptTokens,
    reasoningTokens: reasoning.length,
    imageTokens: image?.tokens ?? 0,
  };
  const text = tokenPieces(
    special === 'hostile' ? HOSTILE_TEXT : (structuredAnswer(requestedFormat(request)) ?? answerText(facts, seed)),
  );
  const most = Math.min(
    request.maxTokens ?? Number.MAX_SAFE_INTEGER,
    endpoint.maxOutput ?? model.maxOutput ?? Number.MAX_SAFE_INTEGER,
  );
  const isCut = reasoning.length + text.length > most;
  const shownReasoning = reasoning.slice(0, most);
  return {
    reasoning: shownReasoning,
    hidesReasoning: isHidden,
    text: text.slice(0, most - shownReasoning.length),
    image: isCut ? undefined : image,
    finishReason: isCut ? 'length' : 'stop',
  };
}

/** The same model, messages and parameters give the same answer. The token limit only cuts it off. */
function seedOf(request: ChatRequest, model: ModelFacts): number {
  const { seed, top_p: topP } = request.extra ?? {};
  return hashText(JSON.stringify([model.id, request.messages, request.temperature ?? null, seed ?? null, topP ?? null]));
}

function reasoningOf(request: ChatRequest, model: ModelFacts): { effort: number; isHidden: boolean } {
  if (model.reasoning === undefined) return { effort: 0, isHidden: false };
  const { reasoning, reasoning_effort: shorthand, include_reasoning: include } = request.extra ?? {};
  const wishes = (typeof reasoning === 'object' && reasoning !== null ? reasoning : {}) as Record<string, unknown>;
  const named = wishes['effort'] ?? shorthand;
  const isHidden = wishes['exclude'] === true || include === false;
  const isOff = wishes['enabled'] === false || named === 'none';
  const isAsked =
    wishes['enabled'] === true || typeof named === 'string' || typeof wishes['max_tokens'] === 'number' || include === true;
  const isOn = model.reasoning === 'always' || (!isOff && (model.reasoning === 'by-default' || isAsked));
  return { effort: isOn ? (EFFORTS[anyText(named)] ?? 2) : 0, isHidden };
}
