import type { ContentPart, Message, ReasoningPart, ToolCall } from '../../../apis/message.ts';
import { exactJson } from '../../../text/exact-json.ts';
import { badRequest } from '../../bad-request.ts';
import type { Fields } from '../fields.ts';
import { type ParsedThinking, parseThinking } from './parse-thinking.ts';
import { holdsNoText, parseContent, parseResult, plainContent } from './parse-content.ts';
import { systemContent } from './parse-system.ts';

/** Blocks of tools that Anthropic runs itself, and their results: not part of the conversation, as in an answer. */
const RUN_BY_VENDOR = /^(server_tool_use|mcp_tool_use|.+_tool_result|container_upload|fallback|compaction)$/;

/** Returns the turns of a request. Adds what other dialects cannot express to `untranslated`. Throws status 400. */
export function parseConversation(fields: Fields, untranslated: string[]): readonly Message[] {
  const messages = fields.objects('messages');
  if (messages.length === 0) throw badRequest('messages is missing; send a list with at least one message');
  return messages.flatMap((message) => {
    switch (message.text('role')) {
      case 'user':
        return parseQuestion(message, untranslated);
      case 'assistant':
        return [parseAnswer(message, untranslated)];
      case 'system':
        return [{ role: 'system', content: systemContent(message, 'content') } as const];
      default:
        throw badRequest(`${message.place('role')} must be one of user, assistant, system`);
    }
  });
}

/** A user message contains tool results, followed by other content. */
function parseQuestion(message: Fields, untranslated: string[]): readonly Message[] {
  const content = message.get('content');
  if (typeof content === 'string') return [{ role: 'user', content }];
  const blocks = message.objects('content');
  const results = blocks.filter((block) => block.text('type') === 'tool_result');
  const said = blocks.filter((block) => block.text('type') !== 'tool_result');
  return [
    ...results.map((block) => parseResult(block, untranslated)),
    ...(said.length === 0 && results.length > 0
      ? []
      : [{ role: 'user', content: plainContent(parseContent(said, untranslated)) } as const]),
  ];
}

function parseAnswer(message: Fields, untranslated: string[]): Message {
  const content = message.get('content');
  if (typeof content === 'string') return { role: 'assistant', content };
  const said: ContentPart[] = [];
  const images: string[] = [];
  const toolCalls: ToolCall[] = [];
  let reasoningParts: readonly ReasoningPart[] = [];
  let answeredBy: string | undefined;
  const addReasoning = (own: ParsedThinking): void => {
    reasoningParts = [...reasoningParts, ...placed(own.parts, reasoningParts)];
    answeredBy ??= own.answeredBy;
  };
  for (const [index, block] of message.objects('content').entries()) {
    const type = block.text('type') ?? '';
    if (type === 'tool_use') toolCalls.push(parseCall(block));
    else if (type === 'thinking' || type === 'redacted_thinking') addReasoning(parseThinking(block, index));
    else if (!RUN_BY_VENDOR.test(type)) {
      for (const part of parseContent([block], untranslated)) {
        if (part.type === 'image') images.push(part.url);
        else if (part.type !== 'text' || !holdsNoText(part.text)) said.push(part);
      }
    }
  }
  return {
    role: 'assistant',
    content: plainContent(said),
    ...(toolCalls.length > 0 && { toolCalls }),
    ...(reasoningParts.length > 0 && { reasoningParts }),
    ...(images.length > 0 && { images }),
    ...(answeredBy !== undefined && { answeredBy }),
  };
}

/**
 * Returns the parts of a block behind those of the blocks before it. A part is found again by its index, and that of a sealed block is from the
 * original answer: of another part with the same index, the text would be joined to it, and no longer have its signature.
 */
function placed(parts: readonly ReasoningPart[], before: readonly ReasoningPart[]): readonly ReasoningPart[] {
  const used = new Set(before.map(({ index }) => index));
  if (!parts.some(({ index }) => index !== undefined && used.has(index))) return parts;
  const next = Math.max(...[...before, ...parts].map(({ index = 0 }) => index)) + 1;
  return parts.map((part, at) => ({ ...part, index: next + at }));
}

function parseCall(block: Fields): ToolCall {
  const input = block.get('input');
  return {
    id: block.requiredText('id'),
    name: block.requiredText('name'),
    arguments: input === undefined ? '{}' : exactJson(input),
  };
}
