import type { Conversation, StoredMessage } from '../storage/conversations/conversations.ts';
import { answerFacts, messageLines, speakerText } from './conversation-parts.ts';
import { conversationFacts } from './conversation-text.ts';
import { markdownCell } from './markdown-table.ts';
import { visibleLine, visibleText } from './visible-text.ts';

/**
 * A conversation as Markdown. What was written is Markdown already and stays as it is, its control characters made visible; an unfinished
 * fence is closed, so that it does not swallow what follows.
 */
export function conversationMarkdown(conversation: Conversation, messages: readonly StoredMessage[], now: number): string {
  const title = `# ${markdownCell(visibleLine(conversation.title))}\n\n${markdownCell(visibleLine(conversationFacts(conversation, now)))}\n`;
  return title + messages.map(messageMarkdown).join('');
}

function messageMarkdown(message: StoredMessage): string {
  const facts = answerFacts(message);
  const heading = markdownCell(visibleLine(speakerText(message) + (facts === '' ? '' : ` · ${facts}`)));
  const text = visibleText(messageLines(message)).trimEnd();
  return `\n## ${heading}\n${text === '' ? '' : `\n${text}${openFence(text)}\n`}`;
}

/** What closes a fence that is still open at the end. */
function openFence(text: string): string {
  let fence: string | undefined;
  for (const line of text.split('\n')) {
    const [, marks] = /^ {0,3}(`{3,}|~{3,})/.exec(line) ?? [];
    if (marks === undefined) continue;
    if (fence === undefined) fence = marks;
    else if (marks[0] === fence[0] && marks.length >= fence.length && line.trim() === marks) fence = undefined;
  }
  return fence === undefined ? '' : `\n${fence}`;
}
