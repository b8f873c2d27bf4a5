import type { RequestSettings, RoutingSettings } from '../settings/groups.ts';
import type { ChatRequest } from '../../apis/completion.ts';
import { type RequestOverrides, routingPreferences } from '../request/chat-request.ts';

/**
 * Returns the request for a summary, without messages: the conversation's model and providers, and none of its limits. A limit, a stop text,
 * a schema or tools are for the answers, and would cut or bend a summary.
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
    // Who may read the conversation holds for its summary too.
    ...(extra?.['provider'] !== undefined && { extra: { provider: extra['provider'] } }),
  };
}
