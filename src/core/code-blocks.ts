import { type Node, Parser } from 'commonmark';

/** The code blocks of a Markdown text in their order, as CommonMark defines them: fenced or indented, in lists and quotes, with or without an end. */
export function codeBlocks(markdown: string): readonly string[] {
  const blocks: string[] = [];
  const walker = new Parser().parse(markdown).walker();
  for (let step = walker.next(); step !== null; step = walker.next()) {
    if (step.node.type === 'code_block') blocks.push(step.node.literal ?? '');
  }
  return blocks;
}

/** What closes a fence that is still open at the end of a Markdown text, after a line break; empty when none is. */
export function openFence(markdown: string): string {
  // Whatever follows is swallowed by such a fence, and by nothing else.
  const last = new Parser().parse(`${markdown}\n# end`).lastChild;
  if (last?.type !== 'code_block') return '';
  const fence = /^\s*(`{3,}|~{3,})/.exec(markdown.split(/\r\n|\r|\n/)[firstLine(last) - 1] ?? '')?.[1];
  return fence === undefined ? '' : `\n${fence}`;
}

/** From 1. */
function firstLine({ sourcepos }: Node): number {
  return sourcepos[0][0];
}
