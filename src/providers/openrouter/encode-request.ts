import type { ChatRequest, RoutingPreferences } from '../completion.ts';

/**
 * The wire body of a completion. Only what was asked for is sent: the API omits, rather than defaults, what is absent. The key order
 * is fixed, because the API's response cache compares bodies as text.
 */
export function encodeRequest(request: ChatRequest): Record<string, unknown> {
  return withoutAbsent({
    ...request.extra,
    model: request.model,
    models: request.fallbackModels === undefined || request.fallbackModels.length === 0 ? undefined : request.fallbackModels,
    messages: request.messages.map(({ role, content }) => ({ role, content })),
    stream: request.stream,
    temperature: request.temperature,
    max_tokens: request.maxTokens,
    provider: request.routing === undefined ? undefined : encodeRouting(request.routing),
  });
}

function encodeRouting(routing: RoutingPreferences): Record<string, unknown> | undefined {
  const wire = withoutAbsent({
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
