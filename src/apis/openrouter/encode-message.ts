import { encodeAnnotations } from '../annotations.ts';
import { encodeReasoningDetails } from '../reasoning-details.ts';
import type { ContentPart, Message } from '../completion.ts';

/** A message as the API takes it. Only what it holds is written. */
export function encodeMessage(message: Message): unknown {
  const own = message.apiData?.['openrouter'];
  if (own !== undefined) return own;
  const { role, content, toolCalls = [], reasoningParts = [], images = [], toolCallId } = message;
  const annotations = encodeAnnotations(message.annotations ?? []);
  return {
    role,
    // A message that only calls tools has no text; some providers take no empty one.
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
