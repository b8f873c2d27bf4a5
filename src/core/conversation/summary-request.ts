import type { RequestSettings, RoutingSettings } from '../settings/groups.ts';
import type { ChatRequest } from '../../apis/completion.ts';
import { type RequestOverrides, routingPreferences } from '../request/chat-request.ts';

/**
 * Returns the request for a summary, without messages: with the conversation's model and providers, but without its limits. A token limit, stop
 * sequences, a schema or tools apply to answers, and would cut or distort a summary.
 */
export function summaryRequest(
  settings: RequestSettings & RoutingSettings,
  { extra }: RequestOverrides = {},
): Omit<ChatRequest, 'messages'> {
  return {
    model: settings.model,
    fallbackModels: settings.fallback,
    stream: settings.stream,
    serviceTier: settings['service-tier'],
    routing: routingPreferences(settings),
    // Restrictions on providers also apply to the summary, which contains the conversation.
    ...(extra?.['provider'] !== undefined && { extra: { provider: extra['provider'] } }),
  };
}
