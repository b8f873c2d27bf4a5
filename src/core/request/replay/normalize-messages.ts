import type { Message } from '../../../apis/completion.ts';
import { alternate } from './alternate.ts';
import { cleanMessage } from './clean-message.ts';
import { pairCalls } from './pair-calls.ts';
import { ownReasoning } from './own-reasoning.ts';

/**
 * Returns the messages as every provider accepts them: nothing blank, each call with its one result right behind it, arguments that are
 * objects, reasoning only for the model family that produced it, and user and assistant taking turns. What a person or a model said stays.
 */
export function normalizeMessages(messages: readonly Message[], model: string): Message[] {
  const instructions = messages.filter(({ role }) => role === 'system').flatMap(cleanMessage);
  const spoken = messages.filter(({ role }) => role !== 'system');
  return [...instructions, ...alternate(pairCalls(ownReasoning(spoken, model), model).flatMap(cleanMessage))];
}
