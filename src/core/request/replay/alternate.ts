import type { ContentPart, Message } from '../../../apis/message.ts';

/** Inserted if the first remaining message is not the user's: providers require a user message first. */
const LEFT_OUT = '(The beginning of this conversation is left out.)';
/** Inserted between a tool result and the next user message: Mistral rejects a user message directly after a result. */
const NO_ANSWER = '(The answer was interrupted here.)';

/** Returns the messages with user and assistant alternating: consecutive messages of one role are merged, and gaps are filled. */
export function alternate(messages: readonly Message[]): Message[] {
  const turns: Message[] = [];
  for (const message of messages) {
    const last = turns.at(-1);
    if (last === undefined && message.role !== 'user') turns.push({ role: 'user', content: LEFT_OUT });
    if (last?.role === 'tool' && message.role === 'user') turns.push({ role: 'assistant', content: NO_ANSWER });
    if (last?.role === message.role && message.role !== 'tool') turns[turns.length - 1] = joined(last, message);
    else turns.push(message);
  }
  return turns;
}

/** When two answers are merged, only the second keeps its reasoning: it belongs to the last text, and may not follow other text. */
function joined(first: Message, second: Message): Message {
  const { reasoningParts: _, ...said } = first;
  const images = [...(first.images ?? []), ...(second.images ?? [])];
  const annotations = [...(first.annotations ?? []), ...(second.annotations ?? [])];
  return {
    ...said,
    ...second,
    content: joinedContent(first.content, second.content),
    ...(images.length > 0 && { images }),
    ...(annotations.length > 0 && { annotations }),
  };
}

function joinedContent(first: Message['content'], second: Message['content']): Message['content'] {
  if (typeof first === 'string' && typeof second === 'string') return [first, second].filter((text) => text !== '').join('\n\n');
  return [...partsOf(first), ...partsOf(second)];
}

function partsOf(content: Message['content']): readonly ContentPart[] {
  if (typeof content !== 'string') return content;
  return content === '' ? [] : [{ type: 'text', text: content }];
}
