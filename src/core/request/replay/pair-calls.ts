import type { Message, ToolCall } from '../../../apis/message.ts';
import { acceptedId, uniqueId } from './call-ids.ts';
import { isFromFamilyOf } from './same-family.ts';
import { renamedReasoning } from './renamed-reasoning.ts';

/**
 * Returns the messages with each call's one result directly after it, in the order of the calls. A call without a result is omitted, and so is a
 * result without a call. Every call gets a unique id that the provider of `model` accepts.
 */
export function pairCalls(messages: readonly Message[], model: string): Message[] {
  const paired: Message[] = [];
  const taken = new Set<string>();
  for (const [index, message] of messages.entries()) {
    if (message.role === 'tool') continue;
    if (message.toolCalls === undefined || message.toolCalls.length === 0) paired.push(message);
    else paired.push(...pairedCalls(message, resultsAfter(messages, index), { model, taken }));
  }
  return paired;
}

function resultsAfter(messages: readonly Message[], index: number): Message[] {
  const end = messages.findIndex(({ role }, at) => at > index && role !== 'tool');
  return messages.slice(index + 1, end === -1 ? undefined : end);
}

function pairedCalls(message: Message, results: Message[], { model, taken }: { model: string; taken: Set<string> }): Message[] {
  const { toolCalls = [], reasoningParts, ...rest } = message;
  const isForeign = !isFromFamilyOf(message, model);
  const calls: { before: string; call: ToolCall; result: Message }[] = [];
  for (const call of toolCalls) {
    const match = results.findIndex(({ toolCallId }) => toolCallId === call.id);
    const [result] = match === -1 ? [] : results.splice(match, 1);
    if (result === undefined) continue;
    const id = acceptedId(uniqueId(call.id, taken), { model, isForeign });
    calls.push({ before: call.id, call: { ...call, id }, result: { ...result, toolCallId: id } });
  }
  // Providers verify reasoning together with all the calls that it led to.
  const isWhole = calls.length === toolCalls.length;
  const renames = calls.map(({ before, call }) => [before, call.id] as const);
  if (calls.length === 0) return [rest];
  return [
    {
      ...rest,
      toolCalls: calls.map(({ call }) => call),
      ...(isWhole && reasoningParts !== undefined && { reasoningParts: renamedReasoning(reasoningParts, renames) }),
    },
    ...calls.map(({ result }) => result),
  ];
}
