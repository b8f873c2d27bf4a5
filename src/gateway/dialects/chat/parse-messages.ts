import { decodeAnnotations } from '../../../apis/annotations.ts';
import { decodeReasoningDetails } from '../../../apis/reasoning-details.ts';
import type { ContentPart, Message, ToolCall } from '../../../apis/message.ts';
import { badRequest } from '../../bad-request.ts';
import { anyText } from '../../../text/any-text.ts';

export type Wire = Readonly<Record<string, unknown>>;

const ROLES: Readonly<Record<string, Message['role']>> = {
  system: 'system',
  developer: 'system',
  user: 'user',
  assistant: 'assistant',
  tool: 'tool',
};

/**
 * Parses the messages of a wire body, or the single one of an older `prompt`. A message with more than a role and text is parsed
 * as far as orx has fields for it, and also stored whole in its `apiData`, so that it is forwarded unchanged. Throws status 400.
 */
export function parseMessages(list: unknown, prompt: unknown): Message[] {
  if (list === undefined && typeof prompt === 'string') return [{ role: 'user', content: prompt }];
  if (!Array.isArray(list) || list.length === 0) throw badRequest('messages is missing; send a list with at least one message');
  return list.map(parseMessage);
}

function parseMessage(item: unknown, index: number): Message {
  if (!isObject(item)) throw badRequest(`messages[${index}] must be an object`);
  const { role: name, content, tool_calls: toolCalls, tool_call_id: toolCallId, reasoning_details: details, annotations } = item;
  const role = ROLES[anyText(name)];
  if (role === undefined) throw badRequest(`messages[${index}].role must be one of ${Object.keys(ROLES).join(', ')}`);
  if (typeof content === 'string' && name === role && Object.keys(item).length === 2) return { role, content };
  return {
    role,
    content: parseContent(content, index),
    ...(Array.isArray(toolCalls) ? { toolCalls: toolCalls.map(parseToolCall) } : {}),
    ...(Array.isArray(details) ? { reasoningParts: decodeReasoningDetails(details) } : {}),
    ...(Array.isArray(annotations) ? { annotations: decodeAnnotations(annotations) } : {}),
    ...(typeof toolCallId === 'string' ? { toolCallId } : {}),
    apiData: { openrouter: item },
  };
}

function parseContent(content: unknown, index: number): Message['content'] {
  if (typeof content === 'string') return content;
  if (content === null || content === undefined) return '';
  if (!Array.isArray(content)) throw badRequest(`messages[${index}].content must be a string or a list of parts`);
  return content.map(parsePart).filter((part) => part !== undefined);
}

/** Returns undefined for a part of an unknown type. */
function parsePart(value: unknown): ContentPart | undefined {
  const part = isObject(value) ? value : {};
  const inner = part[anyText(part['type'])];
  const media = isObject(inner) ? inner : {};
  switch (part['type']) {
    case 'text':
      return { type: 'text', text: textOf(part['text']) };
    case 'image_url':
      return { type: 'image', url: textOf(media['url']) };
    case 'video_url':
      return { type: 'video', url: textOf(media['url']) };
    case 'file':
      return { type: 'file', name: textOf(media['filename']), url: textOf(media['file_data']) };
    case 'input_audio':
      return { type: 'audio', data: textOf(media['data']), format: textOf(media['format']) };
    default:
      return undefined;
  }
}

function parseToolCall(value: unknown): ToolCall {
  const call = isObject(value) ? value : {};
  const called = isObject(call['function']) ? call['function'] : {};
  return { id: textOf(call['id']), name: textOf(called['name']), arguments: textOf(called['arguments']) };
}

export function isObject(value: unknown): value is Wire {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
