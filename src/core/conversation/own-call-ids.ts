import type { Message } from '../../apis/message.ts';
import type { Answer } from '../answer/answer.ts';
import { uniqueId } from '../request/replay/call-ids.ts';
import { renamedReasoning } from '../request/replay/renamed-reasoning.ts';

/**
 * Returns the answer with a unique id for each call, also among the calls of earlier messages: providers omit ids or repeat them. Reasoning that
 * refers to a call gets its new id.
 */
export function withOwnCallIds(answer: Answer, messages: readonly Message[]): Answer {
  const taken = new Set(messages.flatMap(({ toolCalls = [] }) => toolCalls.map(({ id }) => id)));
  const toolCalls = answer.toolCalls.map((call) => ({ ...call, id: uniqueId(call.id, taken) }));
  const renames = answer.toolCalls.map(({ id }, index) => [id, toolCalls[index]!.id] as const);
  if (renames.every(([before, after]) => before === after)) return answer;
  return { ...answer, toolCalls, reasoningParts: renamedReasoning(answer.reasoningParts, renames) };
}
