import { openBlock } from '../../core/answer/code-blocks.ts';
import type { Conversation, StoredMessage } from '../../storage/conversations/conversations.ts';
import { answerFacts, messageLines, speakerText } from './parts.ts';
import { conversationFacts } from './text.ts';
import { markdownCell } from '../table/markdown.ts';
import { visibleLine, visibleText } from '../text/visible.ts';

/**
 * A conversation as Markdown. What was written is Markdown already and stays as it is, its control characters made visible; an unfinished
 * fence is closed, so that it does not swallow what follows.
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
