import type { ChatDeviations } from '../chat-deviations.ts';
import { type ContentPart, type Message, messageText } from '../message.ts';
import type { Vendor } from '../vendors.ts';
import { encodeUserPart } from './encode-parts.ts';
import { replayedReasoning } from './replayed-reasoning.ts';

/** Stand before images that another message than the user's held: chat completions take images from the user alone. */
const FROM_TOOLS = 'Images that the tools returned:';
const FROM_ANSWER = 'Images of the answer above:';
/** Stands for the text of a result that holds images alone. */
const IMAGES_FOLLOW = '(the result is the image in the next message)';

/**
 * Returns the messages as OpenAI's chat completions take them, with what this vendor does otherwise. Images of tool results and of earlier
 * answers move into the next user message, or into one of their own where none follows.
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
        // The results of one turn stand together: what they hold besides text follows the last of them.
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
    // A message that only calls tools has no text; some hosts take no empty one.
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
  // Templates of open models read a list of parts less surely than text.
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
