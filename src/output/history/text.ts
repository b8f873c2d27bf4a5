import type { Conversation, StoredMessage } from '../../storage/conversations/conversations.ts';
import { answerFacts, messageLines, speakerText } from './parts.ts';
import { localTimeText } from '../text/local-time.ts';
import { moneyText } from '../text/money.ts';
import { countText } from '../text/number.ts';
import { SANDBOX_LABEL } from '../text/sandbox-label.ts';
import type { Meaning, Theme } from '../text/theme.ts';
import { visibleLine, visibleText } from '../text/visible.ts';

/**
 * Returns a conversation as text: its title, then each message below its speaker. Without a theme, as in a file, it has no
 * styles.
 */
export function conversationText(
  conversation: Conversation,
  messages: readonly StoredMessage[],
  { now, isSandbox, theme }: { now: number; isSandbox: boolean; theme?: Theme | undefined },
): string {
  const paint = theme?.paint ?? ((_: readonly Meaning[], text: string) => visibleText(text));
  const head = `${paint(['strong'], visibleLine(conversation.title))}\n${paint(['dim'], visibleLine(conversationFacts(conversation, now, isSandbox)))}\n`;
  const left = conversation.messages - messages.length;
  const note =
    left > 0 ? `${paint(['dim'], `${countText(left)} earlier ${left === 1 ? 'message' : 'messages'} left out`)}\n` : '';
  return head + note + messages.map((message) => messageText(message, paint)).join('');
}

/** Returns the summary of a conversation: `01k9… · deepseek/deepseek-chat · 16:40 · 4 messages · $0.000411`. */
export function conversationFacts(
  { id, model, updatedAt, messages, cost, forkedFrom }: Conversation,
  now: number,
  isSandbox: boolean,
): string {
  return [
    ...(isSandbox ? [SANDBOX_LABEL] : []),
    id,
    model,
    localTimeText(updatedAt, now),
    `${countText(messages)} ${messages === 1 ? 'message' : 'messages'}`,
    ...(cost === undefined ? [] : [moneyText(cost)]),
    ...(forkedFrom === undefined ? [] : [`from ${forkedFrom}`]),
  ].join(' · ');
}

function messageText(message: StoredMessage, paint: Theme['paint']): string {
  const facts = visibleLine(answerFacts(message));
  const speaker = paint([message.message.role === 'user' ? 'accent' : 'strong'], visibleLine(speakerText(message)));
  const heading = facts === '' ? speaker : `${speaker} ${paint(['dim'], `· ${facts}`)}`;
  const text = paint([], messageLines(message)).trimEnd();
  return `\n${heading}\n${text === '' ? '' : `${text}\n`}`;
}
