const OPENING = /^ {0,3}(`{3,}(?!.*`)|~{3,})/;

/** The insides of all fenced code blocks of a Markdown text, in their order. One that is not closed ends with the text. */
export function codeBlocks(markdown: string): readonly string[] {
  const blocks: string[] = [];
  let fence: string | undefined;
  let indent = 0;
  let lines: string[] = [];
  for (const line of markdown.split(/\r?\n/)) {
    if (fence === undefined) {
      fence = OPENING.exec(line)?.[1];
      indent = line.search(/\S/);
      lines = [];
    } else if (closes(line, fence)) {
      blocks.push(textOf(lines));
      fence = undefined;
    } else {
      // A fence that is set in takes so many blanks from its lines.
      lines.push(line.replace(new RegExp(`^ {0,${indent}}`), ''));
    }
  }
  if (fence !== undefined) blocks.push(textOf(lines));
  return blocks;
}

function closes(line: string, fence: string): boolean {
  const mark = line.trim();
  return /^ {0,3}\S/.test(line) && mark.length >= fence.length && mark === fence[0]!.repeat(mark.length);
}

function textOf(lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}
