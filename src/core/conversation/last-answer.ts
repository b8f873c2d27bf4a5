import { messageText } from '../../apis/message.ts';
import type { StoredMessage } from '../../storage/conversations/conversations.ts';
import { turnsOf } from './sent-messages.ts';

/** Returns the text and reasoning of the last turn that has an answer; undefined if there is none. */
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

/** Returns whether a message contains output of a model, which was paid for. */
export function isAnswer({ message, reasoning = '', images = [], audio = [] }: StoredMessage): boolean {
  if (message.role !== 'assistant') return false;
  const { toolCalls = [] } = message;
  return messageText(message) !== '' || [reasoning, images, audio, toolCalls].some((part) => part.length > 0);
}
