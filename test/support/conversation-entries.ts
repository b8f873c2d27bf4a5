import type { Message } from '../../src/apis/message.ts';
import type {
  Conversations,
  FinishedAnswer,
  NewConversation,
  StoredMessage,
} from '../../src/storage/conversations/conversations.ts';

export const NOW = Date.parse('2026-11-24T15:30:00Z');

export function newConversation(id: string, extra: Partial<NewConversation> = {}): NewConversation {
  return { id, title: `about ${id}`, createdAt: NOW, model: 'test/model', project: '/work', profile: 'default', ...extra };
}

export function finished(text: string, extra: Partial<FinishedAnswer> = {}): FinishedAnswer {
  return { message: { role: 'assistant', content: text }, state: 'complete', ...extra };
}

/** Adds one question and its answer. */
export function addTurn(
  store: Conversations,
  conversation: NewConversation,
  question: string,
  answer: FinishedAnswer = finished(`answer to ${question}`),
): number {
  const { answer: place } = store.begin(conversation, [{ at: NOW, message: { role: 'user', content: question } }], NOW);
  store.finish(place, answer);
  return place;
}

let nextPlace = 0;

export function storedMessage(message: Message, extra: Partial<StoredMessage> = {}): StoredMessage {
  return { place: (nextPlace += 1), at: NOW, state: 'complete', message, ...extra };
}
