import type { Conversation, StoredMessage } from '../storage/conversations/conversations.ts';
import { answerFacts, messageLines, speakerText } from './conversation-parts.ts';
import { localTimeText } from './local-time-text.ts';
import { moneyText } from './money-text.ts';
import { countText } from './number-text.ts';
import type { Style } from './style.ts';
import { visibleLine, visibleText } from './visible-text.ts';

/** A conversation as text: its title, then each message below who said it. */
export function conversationText(
  conversation: Conversation,
  messages: readonly StoredMessage[],
  { now, style }: { now: number; style: Style },
): string {
  const head = `${style('bold', visibleLine(conversation.title))}\n${style('dim', visibleLine(conversationFacts(conversation, now)))}\n`;
  const left = conversation.messages - messages.length;
  const note = left > 0 ? `${style('dim', `${countText(left)} earlier ${left === 1 ? 'message' : 'messages'} left out`)}\n` : '';
  return head + note + messages.map((message) => messageText(message, style)).join('');
}

/** `01k9… · deepseek/deepseek-chat · 16:40 · 4 messages · $0.000411` */
export function conversationFacts({ id, model, updatedAt, messages, cost, forkedFrom }: Conversation, now: number): string {
  return [
    id,
    model,
    localTimeText(updatedAt, now),
    `${countText(messages)} ${messages === 1 ? 'message' : 'messages'}`,
    ...(cost === undefined ? [] : [moneyText(cost)]),
    ...(forkedFrom === undefined ? [] : [`from ${forkedFrom}`]),
  ].join(' · ');
}

function messageText(message: StoredMessage, style: Style): string {
  const facts = visibleLine(answerFacts(message));
  const speaker = style(message.message.role === 'user' ? 'cyan' : 'bold', visibleLine(speakerText(message)));
  const heading = facts === '' ? speaker : `${speaker} ${style('dim', `· ${facts}`)}`;
  const text = visibleText(messageLines(message)).trimEnd();
  return `\n${heading}\n${text === '' ? '' : `${text}\n`}`;
}
