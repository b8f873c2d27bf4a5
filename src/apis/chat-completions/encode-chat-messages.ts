import type { ChatDeviations } from '../chat-deviations.ts';
import { type ContentPart, type Message, messageText } from '../message.ts';
import type { Vendor } from '../vendors.ts';
import { encodeUserPart } from './encode-parts.ts';
import { replayedReasoning } from './replayed-reasoning.ts';

/** Texts before images that were moved from another message: chat completions accept images only from the user. */
const FROM_TOOLS = 'Images that the tools returned:';
const FROM_ANSWER = 'Images of the answer above:';
/** Replaces the text of a tool result that contains only images. */
const IMAGES_FOLLOW = '(the result is the image in the next message)';

/**
 * Returns the messages in the form of OpenAI's chat completions, with the deviations of this vendor. Images of tool results and
 * earlier answers move into the next user message, or into a new one when none follows.
 */
export function encodeChatMessages(messages: readonly Message[], vendor: Vendor, deviations: ChatDeviations): readonly unknown[] {
  const encoded: unknown[] = [];
  let waiting: readonly ContentPart[] = [];
  const encodeContent = (content: Message['content']): unknown => encodeParts(content, vendor, deviations);
  const flush = (): void => {
    if (waiting.length > 0) encoded.push({ role: 'user', content: encodeContent(waiting) });
    waiting = [];
  };
  for (const [index, message] of messages.entries()) {
    const { role, content, images = [], toolCallId = '' } = message;
    switch (role) {
      case 'system':
        flush();
        encoded.push({ role: deviations.systemRole ?? 'system', content: encodeContent(textOnly(content)) });
        break;
      case 'user':
        encoded.push({ role, content: encodeContent(waiting.length === 0 ? content : [...waiting, ...partsOf(content)]) });
        waiting = [];
        break;
      case 'assistant': {
        flush();
        const isPrefix = index === messages.length - 1 && deviations.marksPrefix === true && message.toolCalls === undefined;
        encoded.push({ ...encodeAnswer(message, vendor, deviations), ...(isPrefix && { prefix: true }) });
        if (images.length > 0) waiting = [text(FROM_ANSWER), ...images.map((url) => ({ type: 'image', url }) as const)];
        break;
      }
      case 'tool': {
        // The results of one turn must be adjacent, so their media follow the last of them.
        const media = deviations.hasMistralParts === true ? [] : partsOf(content).filter(({ type }) => type !== 'text');
        const said = media.length === 0 ? content : messageText(message) === '' ? IMAGES_FOLLOW : textOnly(content);
        encoded.push({ role, tool_call_id: toolCallId, content: encodeContent(said) });
        if (media.length > 0) waiting = [...waiting, text(FROM_TOOLS), ...media];
      }
    }
  }
  flush();
  return encoded;
}

function encodeAnswer(message: Message, vendor: Vendor, deviations: ChatDeviations): Record<string, unknown> {
  const { toolCalls = [] } = message;
  const said = messageText(message);
  const { fields, parts } = replayedReasoning(message, vendor, deviations);
  return {
    role: 'assistant',
    // A message with only tool calls has no text, and some hosts reject an empty text.
    content:
      parts.length > 0 ? [...parts, ...(said === '' ? [] : [text(said)])] : said === '' && toolCalls.length > 0 ? null : said,
    ...fields,
    ...(toolCalls.length > 0 && {
      tool_calls: toolCalls.map(({ id, name, arguments: given }) => ({
        id,
        type: 'function',
        function: { name, arguments: given },
      })),
    }),
  };
}

function encodeParts(content: Message['content'], vendor: Vendor, deviations: ChatDeviations): unknown {
  if (typeof content === 'string') return content;
  const [first] = content;
  // The templates of open models handle text more reliably than a list of parts.
  if (content.length === 1 && first?.type === 'text') return first.text;
  return content.map((part) => encodeUserPart(part, vendor, deviations));
}

function textOnly(content: Message['content']): Message['content'] {
  return typeof content === 'string' ? content : content.filter(({ type }) => type === 'text');
}

function partsOf(content: Message['content']): readonly ContentPart[] {
  if (typeof content !== 'string') return content;
  return content === '' ? [] : [text(content)];
}

function text(said: string): Extract<ContentPart, { type: 'text' }> {
  return { type: 'text', text: said };
}
