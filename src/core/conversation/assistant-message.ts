import type { Message } from '../../apis/message.ts';
import type { Answer } from '../answer/answer.ts';

/** Returns an answer as the message that is stored and sent back. core/request/replay later removes what a provider may reject. */
export function assistantMessage(answer: Answer): Message {
  const { text, toolCalls, reasoningParts, annotations, images, model } = answer;
  return {
    role: 'assistant',
    content: text,
    ...(toolCalls.length > 0 && { toolCalls }),
    ...(reasoningParts.length > 0 && { reasoningParts }),
    ...(annotations.length > 0 && { annotations }),
    ...(images.length > 0 && { images }),
    ...(model !== undefined && model !== '' && { answeredBy: model }),
  };
}
