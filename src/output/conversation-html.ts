import type { Conversation, StoredMessage } from '../storage/conversations/conversations.ts';
import { answerFacts, messageLines, speakerText } from './conversation-parts.ts';
import { conversationFacts } from './conversation-text.ts';
import { escapeHtml, escapeHtmlLines, htmlPage } from './html-page.ts';

const CSS = `
body{max-width:52rem}
article{margin:1.5rem 0;padding-left:1rem;border-left:3px solid var(--line)}article.user{border-color:var(--fill)}
h2{margin:0 0 .5rem;overflow-wrap:anywhere}h2 small{font-weight:400;color:var(--soft)}
.text{white-space:pre-wrap;overflow-wrap:anywhere}
pre{margin:.75rem 0;padding:.75rem;overflow-x:auto;border:1px solid var(--line);border-radius:4px;font:13px/1.45 ui-monospace,monospace}
details{margin:.5rem 0;color:var(--soft)}summary{cursor:pointer}
@media print{article{break-inside:auto}pre{white-space:pre-wrap;overflow-wrap:anywhere}}
`;

/** A conversation as one page that needs nothing else. Whatever was said is text in it, never markup. */
export function conversationHtml(conversation: Conversation, messages: readonly StoredMessage[], now: number): string {
  const body = `<h1>${escapeHtml(conversation.title)}</h1>
<p class="dim">${escapeHtml(conversationFacts(conversation, now))}</p>
${messages.map(messageHtml).join('')}`;
  return htmlPage(conversation.title, body, CSS);
}

function messageHtml(message: StoredMessage): string {
  const facts = answerFacts(message);
  const look = message.message.role === 'user' ? ' class="user"' : '';
  const thoughts =
    message.reasoning === undefined
      ? ''
      : `<details><summary>reasoning</summary><div class="text">${escapeHtmlLines(message.reasoning.trim())}</div></details>\n`;
  return `<article${look}>
<h2>${escapeHtml(speakerText(message))}${facts === '' ? '' : ` <small>· ${escapeHtml(facts)}</small>`}</h2>
${thoughts}${blocksOf(messageLines(message)).map(blockHtml).join('')}</article>
`;
}

interface Block {
  /** What is between fences; undefined for everything else. */
  isCode: boolean;
  lines: string[];
}

/** Text and fenced code in turn. A fence that is never closed goes to the end. */
function blocksOf(text: string): Block[] {
  const blocks: Block[] = [{ isCode: false, lines: [] }];
  let fence: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    const [, marks] = /^ {0,3}(`{3,}|~{3,})/.exec(line) ?? [];
    const opens = fence === undefined && marks !== undefined;
    const closes = fence !== undefined && marks?.startsWith(fence) === true && line.trim() === marks;
    if (opens) blocks.push({ isCode: true, lines: [] });
    else if (closes) blocks.push({ isCode: false, lines: [] });
    else blocks.at(-1)!.lines.push(line);
    if (opens) fence = marks;
    if (closes) fence = undefined;
  }
  return blocks;
}

function blockHtml({ isCode, lines }: Block): string {
  if (isCode) return `<pre><code>${escapeHtmlLines(lines.join('\n'))}</code></pre>\n`;
  const text = lines.join('\n').trim();
  return text === '' ? '' : `<div class="text">${escapeHtmlLines(text)}</div>\n`;
}
