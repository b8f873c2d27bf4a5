import { type ContentPart, type Message, messageText, type ToolCall } from '../message.ts';
import type { Vendor } from '../vendors.ts';
import { unsupported } from '../wire/direct-request.ts';

/** Format of a plan: the text of a Cohere model before its tool calls, which is sent back with the calls. */
export const COHERE_PLAN = 'cohere-tool-plan-v2';

export type CohereMessage = Readonly<Record<string, unknown>>;

export function encodeCohereMessages(messages: readonly Message[], vendor: Vendor): readonly CohereMessage[] {
  return messages.map((message) => encodeMessage(message, vendor)).filter((message) => message !== undefined);
}

function encodeMessage(message: Message, vendor: Vendor): CohereMessage | undefined {
  const { role, content, toolCallId = '' } = message;
  switch (role) {
    case 'system':
      return content.length === 0 ? undefined : { role, content: messageText(message) };
    case 'user':
      return content.length === 0 ? undefined : { role, content: encodeContent(content, vendor) };
    case 'assistant':
      return encodeAnswer(message);
    case 'tool':
      refuseMedia(content, vendor);
      return { role, tool_call_id: toolCallId, content: messageText(message) };
  }
}

/** Encodes an answer. With tool calls it has no content: its text becomes the plan. */
function encodeAnswer(message: Message): CohereMessage | undefined {
  const { role, toolCalls = [], reasoningParts = [] } = message;
  const text = messageText(message);
  if (toolCalls.length === 0) return text === '' ? undefined : { role, content: text };
  const plan = reasoningParts.filter(({ kind, format }) => kind === 'text' && format === COHERE_PLAN);
  const said = text === '' ? plan.map((part) => part.text ?? '').join('') : text;
  return { role, ...(said !== '' && { tool_plan: said }), tool_calls: toolCalls.map(encodeCall) };
}

function encodeCall({ id, name, arguments: text }: ToolCall): unknown {
  return { id, type: 'function', function: { name, arguments: text.trim() === '' ? '{}' : text } };
}

function encodeContent(content: Message['content'], vendor: Vendor): unknown {
  if (typeof content === 'string') return content;
  const parts = content.filter((part) => part.type !== 'text' || part.text !== '');
  const isText = parts.every(({ type }) => type === 'text');
  return isText ? messageText({ content: parts }) : parts.map((part) => encodePart(part, vendor));
}

function encodePart(part: ContentPart, vendor: Vendor): unknown {
  switch (part.type) {
    case 'text':
      return { type: 'text', text: part.text };
    case 'image':
      return { type: 'image_url', image_url: { url: part.url } };
    case 'file':
      throw unsupported(`documents such as ${part.name}`, vendor, 'attach its text, or images of its pages');
    default:
      throw unsupported(part.type, vendor);
  }
}

function refuseMedia(content: Message['content'], vendor: Vendor): void {
  if (typeof content === 'string') return;
  const medium = content.find(({ type }) => type !== 'text');
  if (medium !== undefined) throw unsupported(`tool results with ${medium.type}`, vendor);
}
