import { escapeHtml, escapeHtmlLines } from './page.ts';
import type { MarkdownMeaning, MarkdownText } from '../../markdown/block.ts';
import { type MarkdownBlock, type MarkdownCell, markdownBlocks } from '../../markdown/blocks.ts';
import { visibleText } from '../text/visible.ts';

/** Schemes that a link may have. Links with other schemes become text. */
const SAFE_SCHEMES = new Set(['http:', 'https:', 'mailto:']);
const TAGS: readonly (readonly [meaning: MarkdownMeaning, tag: string])[] = [
  ['strong', 'strong'],
  ['emphasis', 'em'],
  ['strike', 's'],
  ['code', 'code'],
];

/** The style for the markup of `markdownHtml`. */
export const MARKDOWN_CSS = `
.md>*{margin:.6rem 0}.md p,.md h3,.md h4,.md h5,.md h6,.md td,.md th,.md li{overflow-wrap:anywhere}.md p,.md td,.md th{white-space:pre-wrap}
.md h3{font-size:1.15rem}.md h4,.md h5,.md h6{font-size:1rem}.md li>*{margin:.2rem 0}.md ul,.md ol{padding-left:1.6rem}
.md blockquote{margin-left:0;padding-left:1rem;border-left:3px solid var(--line);color:var(--soft)}.md a{color:var(--fill)}
.md table{width:auto}.md .center{text-align:center}.md hr{border:0;border-top:1px solid var(--line)}
.md :not(pre)>code{font:.92em ui-monospace,monospace;background:color-mix(in srgb,var(--line) 45%,transparent);border-radius:3px;padding:0 .2em}
pre{margin:.75rem 0;padding:.75rem;overflow-x:auto;border:1px solid var(--line);border-radius:4px;font:13px/1.45 ui-monospace,monospace}
@media print{pre{white-space:pre-wrap;overflow-wrap:anywhere}}
`;

/**
 * Renders Markdown as HTML. All markup is orx's own; HTML in the source becomes text. Links keep their targets, which are shown
 * behind their text, if a browser may open them. Images become links, so that the page makes no requests.
 */
export function markdownHtml(source: string): string {
  const blocks = markdownBlocks(visibleText(source.replaceAll('\r\n', '\n')));
  return blocks.length === 0 ? '' : `<div class="md">\n${blocksHtml(blocks)}</div>\n`;
}

function blocksHtml(blocks: readonly MarkdownBlock[]): string {
  return blocks.map(blockHtml).join('');
}

function blockHtml(block: MarkdownBlock): string {
  switch (block.kind) {
    case 'paragraph':
      return `<p>${textHtml(block.text)}</p>\n`;
    case 'heading': {
      // The levels above are for the page's own title and the speakers.
      const tag = `h${Math.min(6, block.level + 2)}`;
      return `<${tag}>${textHtml(block.text)}</${tag}>\n`;
    }
    case 'code': {
      const label = block.language === '' ? '' : ` title="${escapeHtml(block.language)}"`;
      return `<pre${label}><code>${escapeHtmlLines(block.lines.join('\n'))}</code></pre>\n`;
    }
    case 'source':
      return `<p>${escapeHtmlLines(block.text)}</p>\n`;
    case 'rule':
      return '<hr>\n';
    case 'table':
      return `<div class="table"><table>\n<thead>${rowHtml('th', block.head)}</thead>\n<tbody>\n${block.rows.map((row) => rowHtml('td', row)).join('\n')}\n</tbody>\n</table></div>\n`;
    case 'quote':
      return `<blockquote>\n${blocksHtml(block.blocks)}</blockquote>\n`;
    case 'list': {
      const tag = block.items[0]?.number === undefined ? 'ul' : 'ol';
      const items = block.items.map(
        ({ number, blocks }) => `<li${number === undefined ? '' : ` value="${number}"`}>${blocksHtml(blocks)}</li>\n`,
      );
      return `<${tag}>\n${items.join('')}</${tag}>\n`;
    }
  }
}

function rowHtml(tag: 'th' | 'td', cells: readonly MarkdownCell[]): string {
  const shown = cells.map(
    ({ align, text }) => `<${tag}${align === 'left' ? '' : ` class="${align}"`}>${textHtml(text)}</${tag}>`,
  );
  return `<tr>${shown.join('')}</tr>`;
}

/** Returns the pieces as HTML. Neighbors with the same target become one link. */
function textHtml(pieces: readonly MarkdownText[]): string {
  let html = '';
  let open: string | undefined;
  for (const piece of pieces) {
    const address = safeAddress(piece.address);
    if (address !== open) {
      if (open !== undefined) html += '</a>';
      if (address !== undefined)
        html += `<a href="${escapeHtml(address)}" title="${escapeHtml(address)}" rel="noopener noreferrer nofollow">`;
      open = address;
    }
    html += pieceHtml(piece);
  }
  return open === undefined ? html : `${html}</a>`;
}

function pieceHtml({ text, meanings }: MarkdownText): string {
  return TAGS.reduce(
    (html, [meaning, tag]) => (meanings.includes(meaning) ? `<${tag}>${html}</${tag}>` : html),
    escapeHtmlLines(text),
  );
}

/** Returns the URL as a browser reads it, or undefined if it may not be opened. */
function safeAddress(address: string | undefined): string | undefined {
  if (address === undefined || !URL.canParse(address)) return undefined;
  const { protocol, href } = new URL(address);
  return SAFE_SCHEMES.has(protocol) ? href : undefined;
}
