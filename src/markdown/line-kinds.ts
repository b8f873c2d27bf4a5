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

/** Returns whether a line begins with one of these characters, or with a space. Most lines do not, and need no regular expression. */
function mayBegin(line: string, characters: string): boolean {
  const first = line[0];
  return first === ' ' || (first !== undefined && characters.includes(first));
}

/** Returns whether the line begins with a letter: then it is text, or a row of a table, and begins no other block. */
export function beginsWithLetter(line: string): boolean {
  if (line === '') return false;
  const code = line.charCodeAt(0);
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a);
}

export function fenceOf(line: string): Fence | undefined {
  const match = mayBegin(line, '`~') ? FENCE.exec(line) : null;
  if (match === null) return undefined;
  const [, indent = '', ticks, tickInfo, tildes, tildeInfo] = match;
  const run = ticks ?? tildes ?? '';
  return { marks: run, indent: indent.length, info: (tickInfo ?? tildeInfo ?? '').trim() };
}

export function closesFence(line: string, fence: Fence): boolean {
  const match = mayBegin(line, '`~') ? /^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(line)?.[1] : undefined;
  return match !== undefined && match.startsWith(fence.marks);
}

export function headingOf(line: string): { level: number; text: string } | undefined {
  const match = mayBegin(line, '#') ? HEADING.exec(line) : null;
  if (match === null) return undefined;
  return { level: match[1]!.length, text: (match[2] ?? '').replace(/(?:^|[ \t])#+[ \t]*$/, '').trim() };
}

export function isRule(line: string): boolean {
  return mayBegin(line, '*-_') && RULE.test(line);
}

/** Returns the level of the heading that a line makes of the text above it, or undefined. */
export function underlineLevel(line: string): 1 | 2 | undefined {
  const match = mayBegin(line, '=-') ? SETEXT.exec(line) : null;
  return match === null ? undefined : match[1]!.startsWith('=') ? 1 : 2;
}

export function beginsHtml(line: string): boolean {
  return mayBegin(line, '<') && HTML.test(line);
}

/** Returns the closing delimiter of a block of mathematics that begins on this line and does not end on it, or undefined. */
export function mathEnd(line: string): string | undefined {
  const start = mayBegin(line, '$\\') ? MATH.exec(line)?.[0].trim() : undefined;
  if (start === undefined) return undefined;
  const end = start === '$$' ? '$$' : '\\]';
  return line.trim().slice(2).includes(end) ? undefined : end;
}
