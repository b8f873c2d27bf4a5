// Recognizes what a line begins, without its containers: https://spec.commonmark.org/0.31.2/ and the tables of GitHub.

export interface Fence {
  marks: string;
  indent: number;
  info: string;
}

const FENCE = /^( {0,3})(?:(`{3,})([^`]*)|(~{3,})(.*))$/;
const HEADING = /^ {0,3}(#{1,6})(?:[ \t]+(.*))?$/;
const RULE = /^ {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$/;
const SETEXT = /^ {0,3}(=+|-+)[ \t]*$/;
const HTML =
  /^ {0,3}<(?:!--|!\[CDATA\[|\?|\/?(?:address|article|aside|blockquote|body|center|dd|details|dialog|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]|head|header|hr|html|iframe|li|link|main|menu|meta|nav|ol|p|pre|script|section|style|summary|table|tbody|td|textarea|tfoot|th|thead|title|tr|ul|video)(?:[\s/>]|$))/i;
const MATH = /^ {0,3}(?:\$\$|\\\[)/;

/** Returns whether the line begins with a letter: then it is text, or a row of a table, and begins no other block. */
export function beginsWithLetter(line: string): boolean {
  return /^[a-z]/i.test(line);
}

export function fenceOf(line: string): Fence | undefined {
  const match = FENCE.exec(line);
  if (match === null) return undefined;
  const [, indent = '', ticks, tickInfo, tildes, tildeInfo] = match;
  const run = ticks ?? tildes ?? '';
  return { marks: run, indent: indent.length, info: (tickInfo ?? tildeInfo ?? '').trim() };
}

export function closesFence(line: string, fence: Fence): boolean {
  const match = /^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(line)?.[1];
  return match !== undefined && match.startsWith(fence.marks);
}

export function headingOf(line: string): { level: number; text: string } | undefined {
  const match = HEADING.exec(line);
  if (match === null) return undefined;
  return { level: match[1]!.length, text: (match[2] ?? '').replace(/(?:^|[ \t])#+[ \t]*$/, '').trim() };
}

export function isRule(line: string): boolean {
  return RULE.test(line);
}

/** Returns the level of the heading that a line makes of the text above it, or undefined. */
export function underlineLevel(line: string): 1 | 2 | undefined {
  const match = SETEXT.exec(line);
  return match === null ? undefined : match[1]!.startsWith('=') ? 1 : 2;
}

export function beginsHtml(line: string): boolean {
  return HTML.test(line);
}

/** Returns the closing delimiter of a block of mathematics that begins on this line and does not end on it, or undefined. */
export function mathEnd(line: string): string | undefined {
  const start = MATH.exec(line)?.[0].trim();
  if (start === undefined) return undefined;
  const end = start === '$$' ? '$$' : '\\]';
  return line.trim().slice(2).includes(end) ? undefined : end;
}
