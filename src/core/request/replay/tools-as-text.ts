import { type Message, messageText } from '../../../apis/message.ts';

/** Returns a tool call or a tool result as plain text, for a request that cannot contain it otherwise. Other messages stay unchanged. */
export function withToolsAsText(message: Message): Message {
  if (message.role === 'tool') return { role: 'user', content: `Result of a tool: ${messageText(message)}` };
  if (message.toolCalls === undefined) return message;
  const calls = message.toolCalls.map(({ name, arguments: given }) => `Calls ${name} with ${given}`).join('\n');
  const { images } = message;
  return {
    role: 'assistant',
    content: [messageText(message), calls].filter((part) => part.trim() !== '').join('\n\n'),
    ...(images !== undefined && { images }),
  };
}
