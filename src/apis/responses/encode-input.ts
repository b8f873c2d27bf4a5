import { type ContentPart, type Message, messageText, type ReasoningPart, type ToolCall } from '../message.ts';
import type { Vendor } from '../vendors.ts';
import { unsupported } from '../wire/direct-request.ts';
import { RESPONSES_REASONING } from './reasoning-items.ts';

type Wire = Record<string, unknown>;

/** Encodes a conversation as items. `instructions`: the system messages at its start, which have a field of their own. */
export function encodeInput(messages: readonly Message[], vendor: Vendor): { instructions: string | undefined; input: Wire[] } {
  const start = messages.findIndex(({ role }) => role !== 'system');
  const leading = messages.slice(0, start === -1 ? messages.length : start);
  // xAI does not support this field.
  if (vendor.name === 'xai') return { instructions: undefined, input: messages.flatMap((one) => encodeMessage(one, vendor)) };
  const instructions = leading.map(messageText).join('\n\n');
  return {
    instructions: instructions === '' ? undefined : instructions,
    input: messages.slice(leading.length).flatMap((one) => encodeMessage(one, vendor)),
  };
}

function encodeMessage(message: Message, vendor: Vendor): Wire[] {
  switch (message.role) {
    case 'system':
      return [{ role: 'system', content: messageText(message) }];
    case 'user':
      return [{ role: 'user', content: encodeContent(message.content, vendor) }];
    case 'tool':
      return [
        { type: 'function_call_output', call_id: message.toolCallId ?? '', output: encodeContent(message.content, vendor) },
      ];
    case 'assistant':
      return encodeAnswer(message);
  }
}

/** Encodes an answer. Reasoning comes before what it led to: the API rejects it anywhere else. */
function encodeAnswer(message: Message): Wire[] {
  const { reasoningParts = [], toolCalls = [], images = [] } = message;
  const text = messageText(message);
  return [
    ...encodeReasoning(reasoningParts),
    ...(text === '' ? [] : [{ role: 'assistant', content: text }]),
    ...(images.length === 0 ? [] : [encodeMadeImages(images)]),
    ...toolCalls.map(encodeCall),
  ];
}

/** Only user messages may contain images. */
function encodeMadeImages(images: readonly string[]): Wire {
  return { role: 'user', content: [{ type: 'input_text', text: '(Images that you made:)' }, ...images.map(encodeImage)] };
}

function encodeCall({ id, name, arguments: text }: ToolCall): Wire {
  return { type: 'function_call', call_id: id, name, arguments: text };
}

/** Encodes reasoning that is encrypted, or the text of an open model's host. A summary alone has no use for the model. */
function encodeReasoning(parts: readonly ReasoningPart[]): Wire[] {
  const own = parts.filter(({ format }) => format === RESPONSES_REASONING);
  const items = own.filter(({ kind }) => kind === 'encrypted' || kind === 'text');
  const indexes = [...new Set(items.map(({ index }) => index))];
  return indexes.map((index) => {
    const ofItem = own.filter((part) => part.index === index);
    const texts = (kind: ReasoningPart['kind']) => ofItem.filter((part) => part.kind === kind && (part.text ?? '') !== '');
    const encrypted = ofItem.find(({ kind }) => kind === 'encrypted');
    const content = texts('text').map(({ text }) => ({ type: 'reasoning_text', text }));
    return {
      type: 'reasoning',
      id: ofItem.find(({ id }) => id !== undefined)?.id ?? '',
      summary: texts('summary').map(({ text }) => ({ type: 'summary_text', text })),
      ...(content.length > 0 && { content }),
      ...(encrypted !== undefined && { encrypted_content: encrypted.encrypted }),
    };
  });
}

function encodeContent(content: Message['content'], vendor: Vendor): unknown {
  return typeof content === 'string' ? content : content.map((part) => encodePart(part, vendor));
}

function encodePart(part: ContentPart, vendor: Vendor): Wire {
  switch (part.type) {
    case 'text':
      return { type: 'input_text', text: part.text };
    case 'image':
      return encodeImage(part.url);
    case 'file':
      return part.url.startsWith('data:')
        ? { type: 'input_file', filename: part.name, file_data: part.url }
        : { type: 'input_file', file_url: part.url };
    default:
      throw unsupported(part.type, vendor);
  }
}

function encodeImage(url: string): Wire {
  return { type: 'input_image', image_url: url, detail: 'auto' };
}
