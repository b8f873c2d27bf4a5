import { type Message, messageText, type ToolCall } from '../message.ts';
import type { Vendor } from '../vendors.ts';
import { callArguments } from '../wire/call-arguments.ts';
import { parseDataUrl } from '../wire/data-url.ts';
import { encodeParts, type GeminiPart } from './encode-parts.ts';
import { isGemini3, isGemma } from './model-facts.ts';
import { LOST_SIGNATURE, ownReasoningOf } from './signatures.ts';

interface Content {
  role: 'user' | 'model';
  parts: GeminiPart[];
}

/** A conversation in Google's form. */
export interface EncodedConversation {
  systemInstruction?: { parts: readonly GeminiPart[] };
  contents: readonly Content[];
}

/**
 * Encodes messages as contents. Instructions at the beginning have a field of their own; later ones become user messages.
 * Consecutive messages with the same role become one content. Tool results stay separate from user messages, because Google
 * compares their number with that of the calls.
 */
export function encodeGeminiConversation(messages: readonly Message[], model: string, vendor: Vendor): EncodedConversation {
  const first = messages.findIndex(({ role }) => role !== 'system');
  const end = first === -1 ? messages.length : first;
  const instructions = messages.slice(0, end).flatMap(({ content }) => encodeParts(content, vendor));
  const contents = encodeContents(messages.slice(end), model, vendor);
  // Gemma does not support instructions, and instructions alone become a question.
  if (isGemma(model) || contents.length === 0) return { contents: withInstructions(contents, instructions) };
  return { ...(instructions.length > 0 && { systemInstruction: { parts: instructions } }), contents };
}

function withInstructions(contents: readonly Content[], instructions: readonly GeminiPart[]): readonly Content[] {
  if (instructions.length === 0) return contents;
  const [first, ...rest] = contents;
  if (first?.role !== 'user') return [{ role: 'user', parts: [...instructions] }, ...contents];
  return [{ role: 'user', parts: [...instructions, ...first.parts] }, ...rest];
}

function encodeContents(messages: readonly Message[], model: string, vendor: Vendor): Content[] {
  const contents: Content[] = [];
  const names = new Map<string, string>();
  const lastQuestion = messages.findLastIndex(({ role }) => role === 'user' || role === 'system');
  let before: string | undefined;
  for (const [index, message] of messages.entries()) {
    for (const { id, name } of message.toolCalls ?? []) names.set(id, name);
    const parts = partsOf(message, { model, vendor, names, isCurrentTurn: index > lastQuestion });
    if (parts.length === 0) continue;
    const kind = message.role === 'system' ? 'user' : message.role;
    if (kind === before) contents.at(-1)!.parts.push(...parts);
    else contents.push({ role: kind === 'assistant' ? 'model' : 'user', parts });
    before = kind;
  }
  return contents;
}

interface Encoding {
  model: string;
  vendor: Vendor;
  /** Names of the calls so far, by call id. */
  names: ReadonlyMap<string, string>;
  /** No question follows the message. */
  isCurrentTurn: boolean;
}

function partsOf(message: Message, encoding: Encoding): GeminiPart[] {
  switch (message.role) {
    case 'assistant':
      return answerParts(message, encoding);
    case 'tool':
      return resultParts(message, encoding);
    default:
      return encodeParts(message.content, encoding.vendor);
  }
}

function answerParts(message: Message, { model, vendor, isCurrentTurn }: Encoding): GeminiPart[] {
  const { toolCalls = [], images = [] } = message;
  const { thoughts, ofText, ofImage, ofCall } = ownReasoningOf(message, model, vendor);
  const text = messageText(message);
  const isLost = isGemini3(model) && isCurrentTurn && toolCalls.every(({ id }) => ofCall(id) === undefined);
  return [
    ...thoughts.map(({ text: thought, signature }) => signed({ text: thought, thought: true }, signature)),
    // A signature may follow an answer without text.
    ...(text === '' && ofText === undefined ? [] : [signed({ text }, ofText)]),
    ...images.map((url, place) => imagePart(url, ofImage(place))),
    ...toolCalls.map((call, place) => signed(callPart(call), isLost && place === 0 ? LOST_SIGNATURE : ofCall(call.id))),
  ];
}

/** Encodes an image that a model created. An image by URL becomes text, because Google would not fetch it. */
function imagePart(url: string, signature: string | undefined): GeminiPart {
  const inline = parseDataUrl(url);
  return inline === undefined ? { text: `Image: ${url}` } : signed({ inlineData: inline }, signature);
}

function callPart({ id, name, arguments: text }: ToolCall): GeminiPart {
  return { functionCall: { id, name, args: callArguments(text) } };
}

function resultParts(message: Message, { model, vendor, names }: Encoding): GeminiPart[] {
  const { content, toolCallId = '' } = message;
  const media = typeof content === 'string' ? [] : content.filter(({ type }) => type !== 'text');
  const mediaParts = encodeParts(media, vendor);
  const takesMedia = isGemini3(model);
  const response = {
    id: toolCallId,
    name: names.get(toolCallId) ?? 'unknown',
    response: { output: messageText(message) },
    ...(takesMedia && mediaParts.length > 0 && { parts: mediaParts }),
  };
  return [{ functionResponse: response }, ...(takesMedia ? [] : mediaParts)];
}

function signed(part: GeminiPart, signature: string | undefined): GeminiPart {
  return signature === undefined ? part : { ...part, thoughtSignature: signature };
}
