import type { RequestSettings, RoutingSettings } from '../settings/groups.ts';
import type { ChatRequest, RoutingPreferences } from '../../apis/completion.ts';
import type { Message } from '../../apis/message.ts';
import { normalizeRequest, type ReplayOptions } from './replay/normalize-request.ts';
import { requestParameters } from './request-parameters.ts';
import { refuseRoutingConflicts } from './routing-conflicts.ts';

/** Fields of a request that settings do not set. */
export type RequestOverrides = Partial<Omit<ChatRequest, 'messages' | 'routing'>>;

/** Builds the request for a conversation from these settings. The system prompt comes first; only fields that were set are sent. */
export function chatRequest(
  messages: readonly Message[],
  settings: RequestSettings & RoutingSettings,
  overrides: RequestOverrides = {},
  replay: ReplayOptions = {},
): ChatRequest {
  return requestWith(messages, requestFrame(settings, overrides), replay);
}

/** Returns what requests with these settings have in common: all fields, with no message but the system prompt. */
export function requestFrame(settings: RequestSettings & RoutingSettings, overrides: RequestOverrides): ChatRequest {
  return {
    model: settings.model,
    // With strict-model, no other model may answer.
    fallbackModels: settings['strict-model'] ? undefined : settings.fallback,
    messages: settings.system === undefined ? [] : [{ role: 'system', content: settings.system }],
    stream: settings.stream,
    ...requestParameters(settings),
    routing: routingPreferences(settings),
    ...overrides,
  };
}

/** Returns the request for a conversation: the messages after those of the frame. */
export function requestWith(messages: readonly Message[], frame: ChatRequest, replay: ReplayOptions = {}): ChatRequest {
  return normalizeRequest({ ...frame, messages: [...frame.messages, ...messages] }, replay);
}

/**
 * Returns the routing preferences of the settings. Data policy `strict`: no provider that stores prompts or trains on them, and zero retention.
 * Throws a usage error if they contradict each other.
 */
export function routingPreferences(settings: RoutingSettings): RoutingPreferences {
  refuseRoutingConflicts(settings);
  const isStrict = settings['data-policy'] === 'strict';
  return {
    order: settings.provider,
    only: settings.only,
    ignore: settings.ignore,
    allowFallbacks: settings['provider-fallbacks'] ? undefined : false,
    sort: settings['route-by'],
    maxPrice: settings['max-price'],
    quantizations: settings.quantization,
    minThroughput: settings['min-throughput'],
    maxLatency: settings['max-latency'],
    requireParameters: settings['require-parameters'] ? true : undefined,
    dataCollection: isStrict ? 'deny' : undefined,
    zeroDataRetention: isStrict || settings.zdr ? true : undefined,
  };
}
