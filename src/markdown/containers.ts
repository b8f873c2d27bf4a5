/** What blocks can stand in: a quote, or an item of a list. */
export type Container = { kind: 'quote' } | Item;

export interface Item {
  kind: 'item';
  /** So many columns its content is indented in the source. */
  indent: number;
  /** As it is written: `-`, `*`, `+`, or a number with its `.` or `)`. */
  marker: string;
}

/** Deeper markers are text. */
const DEEPEST = 12;
const QUOTE = /^ {0,3}> ?/;
const MARKER = /^( {0,3})([-+*]|\d{1,9}[.)])( +|$)/;
/** Further blanks after a marker begin indented code. */
const MOST_BLANKS = 4;

/** How many of the open containers a line goes on with, and what is left of it. */
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

/** The container that a line opens, if it does, and what stands in it. */
export function openContainer(
  line: string,
  depth: number,
  isInParagraph: boolean,
): { container: Container; rest: string } | undefined {
  if (depth >= DEEPEST) return undefined;
  const quote = QUOTE.exec(line);
  if (quote !== null) return { container: { kind: 'quote' }, rest: line.slice(quote[0].length) };
  const match = MARKER.exec(line);
  if (match === null) return undefined;
  const [all, before = '', marker = '', blanks = ''] = match;
  const rest = line.slice(all.length);
  const isOrdered = /\d/.test(marker);
  // A paragraph is interrupted only by what is surely a list: not by a year at the start of a line.
  if (isInParagraph && (rest === '' || (isOrdered && !/^1[.)]$/.test(marker)))) return undefined;
  const gap = rest === '' || blanks.length > MOST_BLANKS ? 1 : blanks.length;
  return {
    container: { kind: 'item', indent: before.length + marker.length + gap, marker },
    rest: rest === '' ? '' : ' '.repeat(blanks.length - gap) + rest,
  };
}

export function isBlank(line: string): boolean {
  return /^\s*$/.test(line);
}

export function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
