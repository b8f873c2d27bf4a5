import type { ChatRequest, RoutingPreferences } from '../../apis/completion.ts';
import { isDirect } from '../../apis/direct-id.ts';
import { normalizeRequest } from '../request/replay/normalize-request.ts';
import type { NextTarget } from './walk.ts';

/**
 * Returns the request in the form for one target. If OpenRouter routes it, OpenRouter applies the preferences; otherwise the router has applied
 * them already. A non-streaming request is sent as a stream if another target could take over, because only a stream shows whether the target
 * responds.
 */
export function requestFor(request: ChatRequest, { target }: Pick<NextTarget, 'target'>, hasOther: boolean): ChatRequest {
  const { wishes, routing } = request;
  const asked: ChatRequest = {
    ...request,
    // The other wishes are for the gateway.
    wishes: wishes?.fallback === undefined ? undefined : { fallback: wishes.fallback },
    routing: undefined,
    model: target.model,
    fallbackModels: target.fallbackModels ?? [],
    stream: request.stream || (hasOther && !wantsLogprobs(request)),
  };
  if (isDirect(target.model)) return normalizeRequest({ ...asked, extra: withoutRouter(request.extra) });
  // OpenRouter accepts a conversation as its client wrote it; vendors are stricter.
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

/** An answer assembled from chunks contains no log probabilities. */
function wantsLogprobs({ extra }: ChatRequest): boolean {
  return extra?.['logprobs'] === true || extra?.['top_logprobs'] !== undefined;
}

/** Removes preferences that only OpenRouter reads. */
function withoutRouter(extra: ChatRequest['extra']): ChatRequest['extra'] {
  if (extra?.['provider'] === undefined) return extra;
  const { provider: _, ...rest } = extra;
  return rest;
}
