import type { Message } from '../../providers/completion.ts';
import type { Answer } from '../answer.ts';

/** An answer as it is sent back with the next request: what the API wants unmodified stays so. */
export function assistantMessage(answer: Answer): Message {
  const { text, toolCalls, reasoningDetails, annotations } = answer;
  return {
    role: 'assistant',
    content: text,
    ...(toolCalls.length > 0 && { toolCalls }),
    ...(reasoningDetails.length > 0 && { reasoningDetails }),
    ...(annotations.length > 0 && { annotations }),
  };
}
