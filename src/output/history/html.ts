import { mediaType } from '../../core/request/media-type.ts';
import type { ContentPart } from '../../apis/message.ts';
import type { Conversation, StoredMessage } from '../../storage/conversations/conversations.ts';
import { answerFacts, callText, partText, speakerText } from './parts.ts';
import { conversationFacts } from './text.ts';
import { escapeHtml, escapeHtmlLines, htmlPage } from '../html/page.ts';
import { MARKDOWN_CSS, markdownHtml } from '../html/markdown.ts';
import { MEDIA_SOURCES, mediaHtml } from '../html/media.ts';

const CSS = `${MARKDOWN_CSS}
body{max-width:52rem}
article{margin:1.5rem 0;padding-left:1rem;border-left:3px solid var(--line)}article.user{border-color:var(--fill)}
h2{margin:0 0 .5rem;overflow-wrap:anywhere}h2 small{font-weight:400;color:var(--soft)}
.text{white-space:pre-wrap;overflow-wrap:anywhere}img,audio{display:block;max-width:100%;margin:.75rem 0}
details{margin:.5rem 0;color:var(--soft)}summary{cursor:pointer}
@media print{article{break-inside:auto}}
`;

/**
 * Returns a conversation as a self-contained page, with formatted Markdown and the images and audio stored with it. Message
 * content never becomes markup except for what orx makes of its Markdown.
 */
export function conversationHtml(
  conversation: Conversation,
  messages: readonly StoredMessage[],
  { now, isSandbox }: { now: number; isSandbox: boolean },
): string {
  const body = `<h1>${escapeHtml(conversation.title)}</h1>
<p class="dim">${escapeHtml(conversationFacts(conversation, now, isSandbox))}</p>
${messages.map((message) => messageHtml(message)).join('')}`;
  return htmlPage(conversation.title, body, { css: CSS, sources: MEDIA_SOURCES });
}

function messageHtml(message: StoredMessage): string {
  const { role, content, toolCalls = [] } = message.message;
  const facts = answerFacts(message);
  const parts: readonly ContentPart[] = typeof content === 'string' ? [{ type: 'text', text: content }] : content;
  // Results of tools are data, and system prompts are shown exactly as written.
  const isSource = role === 'tool' || role === 'system';
  const text = (source: string): string => (isSource ? sourceHtml(source) : markdownHtml(source));
  const shown = parts.map((part) => (part.type === 'text' ? text(part.text) : partHtml(part)));
  return `<article${role === 'user' ? ' class="user"' : ''}>
<h2>${escapeHtml(speakerText(message))}${facts === '' ? '' : ` <small>· ${escapeHtml(facts)}</small>`}</h2>
${reasoningHtml(message.reasoning)}${shown.join('')}${mediaHtml(message)}${toolCalls.map((call) => sideHtml(callText(call))).join('')}</article>
`;
}

function reasoningHtml(reasoning: string | undefined): string {
  if (reasoning === undefined) return '';
  return `<details><summary>reasoning</summary><div class="text">${escapeHtmlLines(reasoning.trim())}</div></details>\n`;
}

function partHtml(part: Exclude<ContentPart, { type: 'text' }>): string {
  if (part.type === 'image' && part.url.startsWith('data:')) return mediaHtml({ images: [part.url] });
  const isSound = part.type === 'audio' && mediaType(Buffer.from(part.data, 'base64'))?.kind === 'audio';
  return isSound ? mediaHtml({ audio: [part.data] }) : sideHtml(partText(part));
}

function sourceHtml(source: string): string {
  return source === '' ? '' : `<div class="text">${escapeHtmlLines(source)}</div>\n`;
}

function sideHtml(text: string): string {
  return `<p class="dim">${escapeHtmlLines(text)}</p>\n`;
}
