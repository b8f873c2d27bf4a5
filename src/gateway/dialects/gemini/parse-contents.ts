import type { ContentPart, Message, ReasoningPart, ToolCall } from '../../../apis/message.ts';
import { addReasoningParts } from '../../../core/answer/reasoning-parts.ts';
import { badRequest } from '../../bad-request.ts';
import { Fields, isFields } from '../fields.ts';
import { parseCall, parseMedium, parseFunctionResult, reasoningOf, type SignedPart } from './parse-parts.ts';

/** Returns the messages of `systemInstruction` and `contents`. Throws status 400. */
export function parseContents(fields: Fields): readonly Message[] {
  const system = instructions(fields);
  const contents = listOf(fields, 'contents');
  if (contents.length === 0) throw badRequest('contents is missing; send a list with at least one content');
  const conversation = new ContentConversation();
  for (const content of contents) conversation.add(content);
  return [...(system === '' ? [] : [{ role: 'system', content: system } as const]), ...conversation.messages];
}

function instructions(fields: Fields): string {
  const value = fields.get('systemInstruction');
  if (typeof value === 'string') return value;
  const parts = fields.object('systemInstruction')?.objects('parts') ?? [];
  return parts.map((part) => part.text('text') ?? '').join('\n\n');
}

/** Accepts a single value in place of a list. */
function listOf(fields: Fields, name: string): readonly Fields[] {
  const value = fields.get(name);
  if (typeof value === 'string') return [new Fields({ parts: [{ text: value }] }, name, true)];
  return isFields(value) ? [fields.object(name)!] : fields.objects(name);
}

class ContentConversation {
  readonly messages: Message[] = [];
  #calls = 0;
  /** Calls without a result so far, in order. */
  #waiting: ToolCall[] = [];

  add(content: Fields): void {
    const role = content.text('role') ?? 'user';
    const parts = content.objects('parts');
    if (role === 'model') this.#addAnswer(parts);
    else if (role === 'user' || role === 'function' || role === 'tool') this.#addQuestion(parts);
    else if (role === 'system')
      this.messages.push({ role: 'system', content: parts.map((part) => part.text('text') ?? '').join('') });
    else throw badRequest(`${content.place('role')} must be one of user, model, function`);
  }

  /** Adds tool results first, each as a separate message, as in every other dialect. */
  #addQuestion(parts: readonly Fields[]): void {
    const said: ContentPart[] = [];
    for (const part of parts) {
      const response = part.object('functionResponse');
      if (response === undefined) {
        const medium = parseMedium(part);
        if (medium !== undefined) said.push(medium);
        continue;
      }
      const { id, name, content } = parseFunctionResult(response);
      const call = this.#waiting.findIndex((one) => (id === undefined ? one.name === name : one.id === id));
      const [match] = call === -1 ? [] : this.#waiting.splice(call, 1);
      this.messages.push({ role: 'tool', content: plain(content), toolCallId: match?.id ?? id ?? name });
    }
    if (said.length > 0) this.messages.push({ role: 'user', content: plain(said) });
  }

  #addAnswer(parts: readonly Fields[]): void {
    const texts: string[] = [];
    const images: string[] = [];
    const toolCalls: ToolCall[] = [];
    let own: readonly ReasoningPart[] = [];
    let sealed: readonly ReasoningPart[] = [];
    let answeredBy: string | undefined;
    for (const part of parts) {
      const signed = this.#read(part, { texts, images, toolCalls });
      const found = reasoningOf(part.text('thoughtSignature'), signed);
      if (found.answeredBy === undefined) own = addReasoningParts(own, found.parts);
      else sealed = addReasoningParts(sealed, found.parts);
      answeredBy ??= found.answeredBy;
    }
    // Reasoning that orx has sealed is complete: separate thought parts only repeat its text.
    const reasoningParts = answeredBy === undefined ? own : sealed;
    this.#waiting = [...toolCalls];
    this.messages.push({
      role: 'assistant',
      content: texts.join(''),
      ...(toolCalls.length > 0 && { toolCalls }),
      ...(reasoningParts.length > 0 && { reasoningParts }),
      ...(images.length > 0 && { images }),
      ...(answeredBy !== undefined && { answeredBy }),
    });
  }

  /** Adds the content of a part. Returns what its signature belongs to. */
  #read(part: Fields, answer: { texts: string[]; images: string[]; toolCalls: ToolCall[] }): SignedPart {
    const text = part.text('text') ?? '';
    if (part.flag('thought') === true) return { thought: text };
    const called = part.object('functionCall');
    if (called !== undefined) {
      const call = parseCall(called, () => `call_${this.#calls}`);
      this.#calls += 1;
      answer.toolCalls.push(call);
      return { callId: call.id };
    }
    const medium = parseMedium(part);
    if (medium?.type === 'image') {
      answer.images.push(medium.url);
      return { image: answer.images.length - 1 };
    }
    if (text !== '') answer.texts.push(text);
    return 'text';
  }
}

/** Returns content that is only text as a string. */
function plain(content: readonly ContentPart[]): Message['content'] {
  return content.every((part) => part.type === 'text') ? content.map(({ text }) => text).join('\n') : content;
}
