import { parseExact } from '../../text/exact-json.ts';
import type { Message, ReasoningPart, ToolCall } from '../message.ts';
import type { Vendor } from '../vendors.ts';
import { unsupported } from '../wire/direct-request.ts';
import { asObject } from '../wire/wire-value.ts';
import { type ContentBlock, encodeContent, encodeImage } from './encode-content.ts';
import { THINKING_FORMAT } from './names.ts';
import { anyText } from '../../text/any-text.ts';

export interface WireMessage {
  role: 'user' | 'assistant';
  content: ContentBlock[];
}

/** A conversation in the API's form: separate instructions, and alternating turns. */
export interface WireConversation {
  system: ContentBlock[];
  messages: WireMessage[];
}

/** Throws a usage error for an attachment that the API cannot read. */
export function encodeConversation(messages: readonly Message[], vendor: Vendor): WireConversation {
  const system: ContentBlock[] = [];
  const turns: WireMessage[] = [];
  // The API rejects images in answers, so images of the model move to the next user message.
  let images: ContentBlock[] = [];
  for (const message of messages) {
    if (message.role === 'system') {
      system.push(...encodeInstructions(message, vendor));
    } else if (message.role === 'assistant') {
      addTurn(turns, 'assistant', encodeAnswer(message, vendor));
      images.push(...(message.images ?? []).map((url) => encodeImage(url, vendor)));
    } else {
      const content = message.role === 'tool' ? [encodeResult(message, vendor)] : encodeContent(message.content, vendor);
      addTurn(turns, 'user', message.role === 'tool' ? content : [...images, ...content]);
      if (message.role === 'user') images = [];
    }
  }
  if (images.length > 0) addTurn(turns, 'user', images);
  for (const turn of turns) if (turn.role === 'user') turn.content = resultsFirst(turn.content);
  trimLast(turns.at(-1));
  return { system, messages: turns };
}

/** Returns whether the request begins the answer. */
export function endsInAnswer({ messages }: WireConversation): boolean {
  return messages.at(-1)?.role === 'assistant';
}

/**
 * Returns whether the current turn, from the last question on, contains tool calls without the reasoning that led to them: an
 * answer of another vendor, or one without reasoning. With a reasoning budget, the API refuses to continue such a turn.
 */
export function hasUnreasonedCalls({ messages }: WireConversation): boolean {
  const question = messages.findLastIndex(
    ({ role, content }) => role === 'user' && !content.some(({ type }) => type === 'tool_result'),
  );
  const answer = messages.slice(question + 1).find(({ role }) => role === 'assistant');
  if (answer === undefined || !answer.content.some(({ type }) => type === 'tool_use')) return false;
  return !anyText(answer.content[0]?.['type']).endsWith('thinking');
}

function addTurn(turns: WireMessage[], role: WireMessage['role'], content: ContentBlock[]): void {
  if (content.length === 0) return;
  const last = turns.at(-1);
  if (last?.role === role) last.content.push(...content);
  else turns.push({ role, content });
}

function encodeInstructions({ content }: Message, vendor: Vendor): ContentBlock[] {
  const blocks = encodeContent(content, vendor);
  if (blocks.some(({ type }) => type !== 'text')) throw unsupported('attachments in system messages', vendor);
  return blocks;
}

function encodeAnswer({ content, reasoningParts = [], toolCalls = [] }: Message, vendor: Vendor): ContentBlock[] {
  return [
    ...reasoningParts.map(encodeThinking).filter((block) => block !== undefined),
    ...encodeContent(content, vendor),
    ...toolCalls.map(encodeCall),
  ];
}

/** Only reasoning that Anthropic has signed or encrypted is sent: the API rejects everything else. */
function encodeThinking({ kind, text = '', signature, encrypted, format }: ReasoningPart): ContentBlock | undefined {
  if (format !== THINKING_FORMAT) return undefined;
  if (kind === 'encrypted') return encrypted === undefined ? undefined : { type: 'redacted_thinking', data: encrypted };
  if (kind !== 'text' || signature === undefined || signature === '') return undefined;
  return { type: 'thinking', thinking: text, signature };
}

function encodeCall({ id, name, arguments: text }: ToolCall): ContentBlock {
  return { type: 'tool_use', id: wireCallId(id), name, input: inputOf(text) };
}

function inputOf(text: string): unknown {
  try {
    return asObject(parseExact(text)) ?? {};
  } catch {
    return {};
  }
}

function encodeResult({ content, toolCallId = '' }: Message, vendor: Vendor): ContentBlock {
  const blocks = encodeContent(content, vendor);
  const marker = blocks.map((block) => block['cache_control']).findLast((one) => one !== undefined);
  for (const block of blocks) delete block['cache_control'];
  const [first] = blocks;
  return {
    type: 'tool_result',
    tool_use_id: wireCallId(toolCallId),
    ...(first !== undefined && { content: blocks.length === 1 && first['type'] === 'text' ? first['text'] : blocks }),
    ...(marker !== undefined && { cache_control: marker }),
  };
}

/** Replaces characters in the ids of other vendors that the API rejects. */
function wireCallId(id: string): string {
  return id.replaceAll(/[^\w-]/g, '_');
}

/** Moves tool results first, as the API requires. */
function resultsFirst(content: ContentBlock[]): ContentBlock[] {
  const isResult = ({ type }: ContentBlock): boolean => type === 'tool_result';
  return [...content.filter(isResult), ...content.filter((block) => !isResult(block))];
}

/** Trims an answer that is to be continued: the API rejects trailing white space. */
function trimLast(turn: WireMessage | undefined): void {
  const block = turn?.role === 'assistant' ? turn.content.at(-1) : undefined;
  if (block?.['type'] === 'text') block['text'] = anyText(block['text']).trimEnd();
}
