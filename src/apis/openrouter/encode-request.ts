import type { ChatRequest, RoutingPreferences } from '../completion.ts';
import { encodeMessage } from './encode-message.ts';
import { encodeParameters } from './encode-parameters.ts';

/**
 * The wire body of a completion. Only what was asked for is sent: the API omits, rather than defaults, what is absent. The key order
 * is fixed, because the API's response cache compares bodies as text.
 */
export function encodeRequest(request: ChatRequest): Record<string, unknown> {
  const { extra = {}, routing, fallbackModels = [] } = request;
  return {
    ...extra,
    ...withoutAbsent({
      model: request.model,
      models: fallbackModels.length === 0 ? undefined : fallbackModels,
      messages: request.messages.map(encodeMessage),
      stream: request.stream,
      ...encodeParameters(request),
      provider: routing === undefined ? undefined : encodeRouting(routing, extra['provider']),
    }),
  };
}

/** Preferences that orx does not know stand in `extra.provider`. */
function encodeRouting(routing: RoutingPreferences, extra: unknown): Record<string, unknown> | undefined {
  const wire = withoutAbsent({
    ...(typeof extra === 'object' ? extra : {}),
    order: routing.order,
    only: routing.only,
    ignore: routing.ignore,
    allow_fallbacks: routing.allowFallbacks,
    sort: routing.sort,
    max_price: routing.maxPrice,
    quantizations: routing.quantizations,
    data_collection: routing.dataCollection,
    zdr: routing.zeroDataRetention,
  });
  return Object.keys(wire).length === 0 ? undefined : wire;
}

function withoutAbsent(object: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}
