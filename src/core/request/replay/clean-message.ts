import type { ContentPart, Message, ToolCall } from '../../../apis/message.ts';

/** Replaces an empty tool result: some providers reject one. */
const NO_OUTPUT = '(no output)';
/** Added to images without text: some providers reject a message without content. */
const IMAGE_ALONE = '[image]';
/** Tool names that every provider accepts. */
const PLAIN_NAME = /^[\w-]{1,64}$/;

/** Returns the message without parts that a provider may reject; an empty list if nothing remains. */
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
  // File annotations save the API from parsing the file again. Citations are for people, and no provider accepts them in a request.
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

/** Keeps the arguments as the model wrote them if they are a JSON object. Otherwise the result of the call says what is wrong with them. */
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
