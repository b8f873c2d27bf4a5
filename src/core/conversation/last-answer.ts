import { messageText } from '../../apis/message.ts';
import type { StoredMessage } from '../../storage/conversations/conversations.ts';
import { turnsOf } from './sent-messages.ts';

/** The answer of a turn. */
export interface TurnAnswer {
  text: string;
  reasoning: string;
}

/** Returns the text and reasoning of every turn that has an answer, latest first. */
export function recentAnswers(stored: readonly StoredMessage[]): readonly TurnAnswer[] {
  const turns = turnsOf(stored.filter(({ isLeftOut }) => isLeftOut !== true));
  return turns
    .map((turn) => turn.filter(isAnswer))
    .filter((answers) => answers.length > 0)
    .map(answerOf)
    .toReversed();
}

/** Returns the answer of the last turn that has one; undefined if there is none. */
export function lastAnswer(stored: readonly StoredMessage[]): TurnAnswer | undefined {
  return recentAnswers(stored)[0];
}

function answerOf(answers: readonly StoredMessage[]): TurnAnswer {
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
