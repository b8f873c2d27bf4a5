import type { ContentPart, Message, ToolCall } from '../../../apis/message.ts';

/** Stands for a result that holds no text: some providers refuse an empty one. */
const NO_OUTPUT = '(no output)';
/** Stands beside images that came without text: some providers refuse a message without content. */
const IMAGE_ALONE = '[image]';
/** The names that every provider takes. */
const PLAIN_NAME = /^[\w-]{1,64}$/;

/** Returns the message without what a provider may refuse; none for one that holds nothing. */
export function cleanMessage(message: Message): readonly Message[] {
  const content = withoutBlank(message.content);
  switch (message.role) {
    case 'tool':
      return [{ ...message, content: content.length === 0 ? NO_OUTPUT : content }];
    case 'assistant':
      return cleanAnswer(message, content);
    default:
      return content.length === 0 ? [] : [{ ...message, content }];
  }
}

function cleanAnswer(message: Message, content: Message['content']): readonly Message[] {
  const { toolCalls = [], images = [], annotations = [], reasoningParts = [], ...rest } = message;
  if (content.length === 0 && toolCalls.length === 0 && images.length === 0) return [];
  // What was read out of a file saves the API from reading it again. Citations are for people, and no provider takes them back.
  const files = annotations.filter(({ kind }) => kind === 'file');
  return [
    {
      ...rest,
      content: content.length === 0 && toolCalls.length === 0 ? IMAGE_ALONE : content,
      ...(toolCalls.length > 0 && { toolCalls: toolCalls.map(cleanCall) }),
      ...(images.length > 0 && { images }),
      ...(files.length > 0 && { annotations: files }),
      ...(reasoningParts.length > 0 && { reasoningParts }),
    },
  ];
}

function withoutBlank(content: Message['content']): Message['content'] {
  if (typeof content === 'string') return content.trim() === '' ? '' : content;
  return content.filter((part: ContentPart) => part.type !== 'text' || part.text.trim() !== '');
}

/** Arguments as the model wrote them, if they are an object; what is wrong with others stands in the result of their call. */
function cleanCall({ id, name, arguments: text }: ToolCall): ToolCall {
  return { id, name: plainName(name), arguments: isJsonObject(text) ? text : '{}' };
}

function plainName(name: string): string {
  if (PLAIN_NAME.test(name)) return name;
  return name.replaceAll(/[^\w-]/g, '_').slice(0, 64) || 'unnamed';
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
