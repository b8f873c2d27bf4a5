import type { Message, ReasoningPart, ToolCall } from '../../../apis/message.ts';
import { addReasoningParts } from '../../../core/answer/reasoning-parts.ts';
import { badRequest } from '../../bad-request.ts';
import type { Fields } from '../fields.ts';
import { openReasoning } from '../sealed-reasoning.ts';
import { wrappedInput } from './custom-tools.ts';
import { flatName } from './namespaces.ts';
import { parseItemContent } from './parse-content.ts';

const ROLES: Readonly<Record<string, Message['role']>> = {
  system: 'system',
  developer: 'system',
  user: 'user',
  assistant: 'assistant',
};
/** Format of the reasoning of vendors with this dialect, who alone can read its encrypted form. */
const OWN_FORMAT = 'openai-responses-v1';
/** Items of a vendor's own tools. The answer's text reports their results, and other vendors do not accept the items. */
const VENDOR_CALLS = /^(web_search|file_search|code_interpreter|computer|local_shell|shell|apply_patch|mcp)_/;

/** Returns the messages of `input`: text, or items. Consecutive items of an answer become one message. Throws status 400. */
export function parseInput(fields: Fields): readonly Message[] {
  const input = fields.get('input');
  if (typeof input === 'string') return [{ role: 'user', content: input }];
  const items = fields.objects('input');
  if (items.length === 0) throw badRequest('input is missing; send a string, or a list with at least one item');
  const conversation = new Conversation();
  for (const item of items) conversation.add(item);
  return conversation.messages;
}

/** An answer that is being assembled. */
interface AnswerInProgress {
  texts: string[];
  toolCalls: ToolCall[];
  reasoningParts: readonly ReasoningPart[];
  images: string[];
  answeredBy?: string | undefined;
}

class Conversation {
  readonly #messages: Message[] = [];
  #answer: AnswerInProgress | undefined;
  #reasoningItems = 0;

  get messages(): readonly Message[] {
    this.#endAnswer();
    return this.#messages;
  }

  add(item: Fields): void {
    const type = item.text('type') ?? 'message';
    switch (type) {
      case 'message':
        return this.#addMessage(item);
      case 'function_call':
        return this.#addCall(item, item.text('arguments') ?? '');
      case 'custom_tool_call':
        return this.#addCall(item, wrappedInput(item.text('input') ?? ''));
      case 'function_call_output':
      case 'custom_tool_call_output':
        return this.#push({
          role: 'tool',
          content: parseItemContent(item, 'output'),
          toolCallId: item.requiredText('call_id'),
        });
      case 'reasoning':
        return this.#addReasoning(item);
      case 'image_generation_call': {
        const url = item.text('result');
        if (url !== undefined) this.#open().images.push(/^(data:|https?:)/.test(url) ? url : `data:image/png;base64,${url}`);
        return;
      }
      case 'item_reference':
        throw badRequest(`${item.place()} refers to a stored item; nothing is stored here, so send the item itself`);
      default:
        if (VENDOR_CALLS.test(type)) return;
        throw badRequest(`${item.place('type')} is unknown: "${type.slice(0, 60)}"`);
    }
  }

  #addMessage(item: Fields): void {
    const role = ROLES[item.text('role') ?? ''];
    if (role === undefined) throw badRequest(`${item.place('role')} must be one of ${Object.keys(ROLES).join(', ')}`);
    const content = parseItemContent(item, 'content');
    if (role !== 'assistant') return this.#push({ role, content });
    const text = typeof content === 'string' ? content : content.map((part) => (part.type === 'text' ? part.text : '')).join('');
    if (text !== '') this.#open().texts.push(text);
  }

  #addCall(item: Fields, text: string): void {
    const name = flatName(item.requiredText('name'), item.text('namespace'));
    this.#open().toolCalls.push({ id: item.requiredText('call_id'), name, arguments: text });
  }

  #addReasoning(item: Fields): void {
    const answer = this.#open();
    const encrypted = item.text('encrypted_content');
    const sealed = encrypted === undefined ? undefined : openReasoning(encrypted);
    const index = this.#reasoningItems;
    this.#reasoningItems += 1;
    answer.answeredBy ??= sealed?.answeredBy;
    // Pieces of one item are already complete: only those of other items are joined.
    answer.reasoningParts = addReasoningParts(answer.reasoningParts, sealed?.parts ?? ownParts(item, encrypted, index));
  }

  #open(): AnswerInProgress {
    this.#answer ??= { texts: [], toolCalls: [], reasoningParts: [], images: [] };
    return this.#answer;
  }

  #push(message: Message): void {
    this.#endAnswer();
    this.#messages.push(message);
  }

  #endAnswer(): void {
    const answer = this.#answer;
    this.#answer = undefined;
    if (answer === undefined) return;
    const { texts, toolCalls, reasoningParts, images, answeredBy } = answer;
    this.#messages.push({
      role: 'assistant',
      content: texts.join('\n\n'),
      ...(toolCalls.length > 0 && { toolCalls }),
      ...(reasoningParts.length > 0 && { reasoningParts }),
      ...(images.length > 0 && { images }),
      ...(answeredBy !== undefined && { answeredBy }),
    });
  }
}

/** Returns the parts of an item from a vendor with this dialect. */
function ownParts(item: Fields, encrypted: string | undefined, index: number): readonly ReasoningPart[] {
  const id = item.text('id');
  const common = { format: OWN_FORMAT, index, ...(id !== undefined && { id }) };
  const text = (name: string): string =>
    item
      .objects(name)
      .map((part) => part.text('text') ?? '')
      .join('\n\n');
  const [summary, content] = [text('summary'), text('content')];
  return [
    ...(summary === '' ? [] : [{ kind: 'summary', text: summary, format: OWN_FORMAT, index } as const]),
    ...(content === '' ? [] : [{ kind: 'text', text: content, ...common } as const]),
    ...(encrypted === undefined ? [] : [{ kind: 'encrypted', encrypted, ...common } as const]),
  ];
}
