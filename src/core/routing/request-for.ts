import type { ChatRequest, RoutingPreferences } from '../../apis/completion.ts';
import { isDirect } from '../../apis/direct-id.ts';
import { normalizeRequest } from '../request/replay/normalize-request.ts';
import type { NextTarget } from './walk.ts';

/**
 * The request as one target gets it. The preferences are OpenRouter's to follow where it routes; elsewhere the router has followed them. A whole answer
 * is asked for as a stream where another target could take over: only then does silence tell.
 */
export function requestFor(request: ChatRequest, { target }: Pick<NextTarget, 'target'>, hasOther: boolean): ChatRequest {
  const { wishes: _, routing, ...rest } = request;
  const asked: ChatRequest = {
    ...rest,
    model: target.model,
    fallbackModels: target.fallbackModels ?? [],
    stream: request.stream || (hasOther && !wantsLogprobs(request)),
  };
  if (isDirect(target.model)) return normalizeRequest({ ...asked, extra: withoutRouter(rest.extra) });
  // OpenRouter takes a conversation as its client wrote it; vendors are stricter.
  return { ...asked, routing: mergeRouting(routing, target.routing) };
}

function mergeRouting(
  asked: RoutingPreferences | undefined,
  own: RoutingPreferences | undefined,
): RoutingPreferences | undefined {
  return own === undefined ? asked : { ...own, ...withoutAbsent(asked ?? {}) };
}

function withoutAbsent<T extends object>(object: T): Partial<T> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Partial<T>;
}

/** Chunks put together hold no log probabilities. */
function wantsLogprobs({ extra }: ChatRequest): boolean {
  return extra?.['logprobs'] === true || extra?.['top_logprobs'] !== undefined;
}

/** Preferences that only OpenRouter reads. */
function withoutRouter(extra: ChatRequest['extra']): ChatRequest['extra'] {
  if (extra?.['provider'] === undefined) return extra;
  const { provider: _, ...rest } = extra;
  return rest;
}
