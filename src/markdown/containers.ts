/** What can contain blocks: a quote, or a list item. */
export type Container = { kind: 'quote' } | Item;

export interface Item {
  kind: 'item';
  /** Number of columns by which the content is indented in the source. */
  indent: number;
  /** As written: `-`, `*`, `+`, or a number with its `.` or `)`. */
  marker: string;
}

/** Maximum nesting; deeper markers are text. */
const DEEPEST = 12;
const QUOTE = /^ {0,3}> ?/;
const MARKER = /^( {0,3})([-+*]|\d{1,9}[.)])( +|$)/;
/** How a line begins that may open a container. */
const MAY_OPEN = /^[ >+*\d-]/;
/** More blanks after a marker begin indented code. */
const MOST_BLANKS = 4;

/** Returns how many of the open containers a line continues, and the rest of the line. */
export function matchContainers(containers: readonly Container[], line: string): { matched: number; rest: string } {
  let rest = line;
  let matched = 0;
  for (const container of containers) {
    if (container.kind === 'quote') {
      const match = QUOTE.exec(rest);
      if (match === null) break;
      rest = rest.slice(match[0].length);
    } else if (isBlank(rest)) {
      rest = '';
    } else if (indentOf(rest) >= container.indent) {
      rest = rest.slice(container.indent);
    } else break;
    matched += 1;
  }
  return { matched, rest };
}

/** Returns the container that a line opens and the rest of the line, or undefined. */
export function openContainer(
  line: string,
  depth: number,
  isInParagraph: boolean,
): { container: Container; rest: string } | undefined {
  if (depth >= DEEPEST || !MAY_OPEN.test(line)) return undefined;
  const quote = QUOTE.exec(line);
  if (quote !== null) return { container: { kind: 'quote' }, rest: line.slice(quote[0].length) };
  const match = MARKER.exec(line);
  if (match === null) return undefined;
  const [all, before = '', marker = '', blanks = ''] = match;
  const rest = line.slice(all.length);
  const isOrdered = /\d/.test(marker);
  // Only an unambiguous list item interrupts a paragraph: a year at the start of a line does not.
  if (isInParagraph && (rest === '' || (isOrdered && !/^1[.)]$/.test(marker)))) return undefined;
  const gap = rest === '' || blanks.length > MOST_BLANKS ? 1 : blanks.length;
  return {
    container: { kind: 'item', indent: before.length + marker.length + gap, marker },
    rest: rest === '' ? '' : ' '.repeat(blanks.length - gap) + rest,
  };
}

export function isBlank(line: string): boolean {
  return line.trimStart() === '';
}

export function indentOf(line: string): number {
  return beginsWithInk(line) ? 0 : line.length - line.trimStart().length;
}

/** Returns whether a line begins with printable ASCII other than a space, as most lines do. */
export function beginsWithInk(line: string): boolean {
  if (line === '') return false;
  const code = line.charCodeAt(0);
  return code > 0x20 && code < 0x7f;
}
