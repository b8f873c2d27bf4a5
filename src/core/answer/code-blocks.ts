import { type Node, Parser } from 'commonmark';

/** Returns the code blocks of a Markdown text in order, as CommonMark defines them: fenced or indented, in lists and quotes, closed or not. */
export function codeBlocks(markdown: string): readonly string[] {
  const blocks: string[] = [];
  const walker = new Parser().parse(markdown).walker();
  for (let step = walker.next(); step !== null; step = walker.next()) {
    if (step.node.type === 'code_block') blocks.push(step.node.literal ?? '');
  }
  return blocks;
}

/** The ends of declarations, processing instructions, CDATA and comments, the simplest first. */
const HTML_ENDS = ['>', '?>', ']]>', '-->'];

/** Returns the text that closes a block that is still open at the end of a Markdown text, preceded by a line break; empty if none is open. */
export function openBlock(markdown: string): string {
  const open = openAtEnd(markdown);
  if (open === undefined) return '';
  const line = markdown.split(/\r\n|\r|\n/)[open.sourcepos[0][0] - 1] ?? '';
  const [, fence] = /^\s*(`{3,}|~{3,})/.exec(line) ?? [];
  const [, tag] = /^\s*<(script|style|pre|textarea)\b/i.exec(line) ?? [];
  const ends = fence !== undefined ? [fence] : tag === undefined ? HTML_ENDS : [`</${tag}>`];
  const end = ends.find((each) => openAtEnd(`${markdown}\n${each}`) === undefined);
  return end === undefined ? '' : `\n${end}`;
}

/** Returns the block that would contain any text that follows: a fence, or HTML such as a comment. */
function openAtEnd(markdown: string): Node | undefined {
  const last = new Parser().parse(`${markdown}\n\n# end`).lastChild;
  return last === null || last.type === 'heading' ? undefined : last;
}
