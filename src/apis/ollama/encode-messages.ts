import { type ContentPart, type Message, messageText, type ToolCall } from '../message.ts';
import type { Vendor } from '../vendors.ts';
import { callArguments } from '../wire/call-arguments.ts';
import { parseDataUrl } from '../wire/data-url.ts';
import { unsupported } from '../wire/direct-request.ts';

/** Marks reasoning from Ollama: its `thinking` text, which has no signature. */
export const OLLAMA_REASONING = 'ollama-chat-v1';

/** A message in Ollama's form. */
export interface OllamaMessage {
  role: string;
  content: string;
  thinking?: string;
  images?: readonly string[];
  tool_calls?: readonly { function: { name: string; arguments: unknown } }[];
  tool_name?: string;
}

export function encodeOllamaMessages(messages: readonly Message[], vendor: Vendor): OllamaMessage[] {
  return messages.map((message, index) => encodeMessage(message, messages.slice(0, index), vendor));
}

function encodeMessage(message: Message, before: readonly Message[], vendor: Vendor): OllamaMessage {
  const { role, toolCalls = [], toolCallId } = message;
  const thinking = thinkingText(message);
  const images = imagesOf(message, vendor);
  return {
    role,
    content: messageText(message),
    ...(thinking !== '' && { thinking }),
    ...(images.length > 0 && { images }),
    ...(toolCalls.length > 0 && { tool_calls: toolCalls.map(encodeCall) }),
    // Ollama matches results to calls by name and order, not by id.
    ...(role === 'tool' && { tool_name: toolName(toolCallId, before) }),
  };
}

/** Returns the reasoning to send back: gpt-oss needs it between a call and its result. */
function thinkingText({ role, reasoningParts = [] }: Message): string {
  if (role !== 'assistant') return '';
  return reasoningParts
    .filter(({ kind, format }) => kind === 'text' && format === OLLAMA_REASONING)
    .map(({ text = '' }) => text)
    .join('');
}

function encodeCall({ name, arguments: text }: ToolCall): { function: { name: string; arguments: unknown } } {
  return { function: { name, arguments: callArguments(text) } };
}

function toolName(id: string | undefined, before: readonly Message[]): string {
  const calls = before.flatMap(({ toolCalls = [] }) => toolCalls);
  return calls.findLast((call) => call.id === id)?.name ?? '';
}

function imagesOf({ content, images = [] }: Message, vendor: Vendor): readonly string[] {
  const attached = typeof content === 'string' ? [] : content.flatMap((part) => imageUrl(part, vendor));
  return [...attached, ...images].map((url) => bareBase64(url, vendor));
}

function imageUrl(part: ContentPart, vendor: Vendor): readonly string[] {
  switch (part.type) {
    case 'text':
      return [];
    case 'image':
      return [part.url];
    case 'file':
      throw unsupported(`documents such as ${part.name}`, vendor, 'attach its text, or images of its pages');
    default:
      throw unsupported(part.type, vendor);
  }
}

function bareBase64(url: string, vendor: Vendor): string {
  const image = parseDataUrl(url);
  if (image === undefined)
    throw unsupported('images by URL', vendor, {
      shell: 'download it, then attach the file: -a FILE',
      session: 'download it, then attach the file: /attach FILE',
    });
  return image.data;
}
