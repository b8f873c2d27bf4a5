import type { ChatRequest, RoutingPreferences } from '../completion.ts';
import type { ContentPart, Message } from '../message.ts';
import { encodeAnnotations } from '../annotations.ts';
import { encodeReasoningDetails } from '../reasoning-details.ts';
import { encodeParameters } from './encode-parameters.ts';

/**
 * Encodes the body of a completion. Sends only requested fields: the API omits absent fields instead of applying defaults. The
 * key order is fixed, because the API's response cache compares bodies as text.
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

/** Encodes routing preferences. Those that orx does not know come from `extra.provider`. */
export function encodeRouting(routing: RoutingPreferences, extra: unknown): Record<string, unknown> | undefined {
  const wire = withoutAbsent({
    ...(typeof extra === 'object' ? extra : {}),
    order: routing.order,
    only: routing.only,
    ignore: routing.ignore,
    allow_fallbacks: routing.allowFallbacks,
    sort: routing.sort,
    max_price: routing.maxPrice,
    quantizations: routing.quantizations,
    preferred_min_throughput: routing.minThroughput,
    preferred_max_latency: routing.maxLatency,
    require_parameters: routing.requireParameters,
    data_collection: routing.dataCollection,
    zdr: routing.zeroDataRetention,
  });
  return Object.keys(wire).length === 0 ? undefined : wire;
}

function withoutAbsent(object: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

/** Encodes a message, with only the fields that it has. */
function encodeMessage(message: Message): unknown {
  const own = message.apiData?.['openrouter'];
  if (own !== undefined) return own;
  const { role, content, toolCalls = [], reasoningParts = [], images = [], toolCallId } = message;
  const annotations = encodeAnnotations(message.annotations ?? []);
  return {
    role,
    // A message with only tool calls has no text, and some providers reject an empty text.
    content:
      toolCalls.length > 0 && content.length === 0 ? null : typeof content === 'string' ? content : content.map(encodePart),
    ...(toolCalls.length === 0 ? {} : { tool_calls: toolCalls.map(encodeToolCall) }),
    ...(reasoningParts.length === 0 ? {} : { reasoning_details: encodeReasoningDetails(reasoningParts) }),
    ...(annotations.length === 0 ? {} : { annotations }),
    ...(images.length === 0 ? {} : { images: images.map((url) => encodePart({ type: 'image', url })) }),
    ...(toolCallId === undefined ? {} : { tool_call_id: toolCallId }),
  };
}

function encodeToolCall({ id, name, arguments: text }: { id: string; name: string; arguments: string }): unknown {
  return { id, type: 'function', function: { name, arguments: text } };
}

function encodePart(part: ContentPart): unknown {
  switch (part.type) {
    case 'text':
      return {
        type: 'text',
        text: part.text,
        ...(part.cacheControl === undefined ? {} : { cache_control: part.cacheControl }),
      };
    case 'image':
      return { type: 'image_url', image_url: { url: part.url } };
    case 'file':
      return { type: 'file', file: { filename: part.name, file_data: part.url } };
    case 'audio':
      return { type: 'input_audio', input_audio: { data: part.data, format: part.format } };
    case 'video':
      return { type: 'video_url', video_url: { url: part.url } };
  }
}
