import { openBlock } from '../../core/answer/code-blocks.ts';
import type { Conversation, StoredMessage } from '../../storage/conversations/conversations.ts';
import { answerFacts, messageLines, speakerText } from './parts.ts';
import { conversationFacts } from './text.ts';
import { markdownCell } from '../table/markdown.ts';
import { visibleLine, visibleText } from '../text/visible.ts';

/**
 * Returns a conversation as Markdown. The text of messages is Markdown already and is not changed, except that control characters
 * become visible. An open fence is closed, so that it does not include the following messages.
 */
export function conversationMarkdown(
  conversation: Conversation,
  messages: readonly StoredMessage[],
  { now, isSandbox }: { now: number; isSandbox: boolean },
): string {
  const title = `# ${markdownCell(visibleLine(conversation.title))}\n\n${markdownCell(visibleLine(conversationFacts(conversation, now, isSandbox)))}\n`;
  return title + messages.map(messageMarkdown).join('');
}

function messageMarkdown(message: StoredMessage): string {
  const facts = answerFacts(message);
  const heading = markdownCell(visibleLine(speakerText(message) + (facts === '' ? '' : ` · ${facts}`)));
  const text = visibleText(messageLines(message)).trimEnd();
  return `\n## ${heading}\n${text === '' ? '' : `\n${text}${openBlock(text)}\n`}`;
}
