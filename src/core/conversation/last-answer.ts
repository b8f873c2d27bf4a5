import { messageText } from '../../apis/message.ts';
import type { StoredMessage } from '../../storage/conversations/conversations.ts';
import { turnsOf } from './sent-messages.ts';

/** Returns text and reasoning of the last turn that got an answer; undefined where there is none. */
export function lastAnswer(stored: readonly StoredMessage[]): { text: string; reasoning: string } | undefined {
  const turns = turnsOf(stored.filter(({ isLeftOut }) => isLeftOut !== true));
  const answers = turns.map((turn) => turn.filter(isAnswer)).findLast((matches) => matches.length > 0);
  if (answers === undefined) return undefined;
  const texts = answers.map(({ message }) => messageText(message));
  return {
    text: texts.findLast((text) => text.trim() !== '') ?? '',
    reasoning: answers.map(({ reasoning = '' }) => reasoning).join(''),
  };
}

/** Whether a message holds anything that a model said or made: all of it was paid for. */
export function isAnswer({ message, reasoning = '', images = [], audio = [] }: StoredMessage): boolean {
  if (message.role !== 'assistant') return false;
  const { toolCalls = [] } = message;
  return messageText(message) !== '' || [reasoning, images, audio, toolCalls].some((part) => part.length > 0);
}
