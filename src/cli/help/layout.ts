/** Columns of help when standard output is not a terminal. */
const PIPE_COLUMNS = 80;
const WIDEST = 100;
const NARROWEST = 30;
/** The description of a longer term starts on the next line. */
const WIDEST_TERM = 25;
const INDENT = '  ';
const GAP = 2;

/** A flag, argument or command with its description. */
export type HelpItem = readonly [term: string, description: string];

/** A part of a help page: paragraphs, items below a heading, command lines that can be pasted, or lines that are not wrapped. */
export type HelpSection =
  | string
  | { heading: string; items: readonly HelpItem[]; least?: number }
  | { examples: readonly string[] }
  | { lines: readonly string[] };

/** A help page as data. The build stores the pages of `--help`, so that showing one loads no declarations. */
export type HelpPage = readonly HelpSection[];

/** Returns a page as text, wrapped to a number of columns. */
export function helpPageText(page: HelpPage, columns: number): string {
  return page
    .map((section) => sectionLines(section, columns))
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}

function sectionLines(section: HelpSection, columns: number): readonly string[] {
  if (typeof section === 'string') return paragraphLines(section, columns);
  if ('lines' in section) return section.lines;
  if ('items' in section) return itemLines(section.heading, section.items, columns, section.least);
  return section.examples.length === 0 ? [] : ['Examples:', ...exampleLines(section.examples, columns)];
}

/** Returns the width for the help text, from the width of the terminal, if there is one. */
export function helpColumns(columns: number | undefined): number {
  return Math.max(NARROWEST, Math.min(columns || PIPE_COLUMNS, WIDEST));
}

/**
 * Returns a heading with aligned items, or no lines when there are no items. `least`: minimum width of the terms, to align
 * several lists.
 */
function itemLines(heading: string, items: readonly HelpItem[], columns: number, least = 0): string[] {
  if (items.length === 0) return [];
  const widest = Math.min(WIDEST_TERM, Math.floor(columns * 0.45));
  const terms = items.map(([term]) => term.length).filter((length) => length <= widest);
  const width = Math.max(least, ...terms);
  const margin = ' '.repeat(INDENT.length + width + GAP);
  return [
    heading,
    ...items.flatMap(([term, description]) => {
      const [first = '', ...rest] = wrapLine(description, columns - margin.length);
      const lines = [...rest].map((line) => margin + line);
      if (term.length > width) return [INDENT + term, margin + first, ...lines];
      return [`${INDENT}${term.padEnd(width + GAP)}${first}`.trimEnd(), ...lines];
    }),
  ];
}

/** Returns paragraphs, one per line of the text, wrapped to the width. Lines that begin with a space are not wrapped. */
function paragraphLines(text: string, columns: number): string[] {
  return text.trim() === ''
    ? []
    : text
        .replace(/^\n+|\s+$/g, '')
        .split('\n')
        .flatMap((line) => (line.startsWith(' ') ? [line] : wrapLine(line, columns)));
}

/** Returns command lines. A long one continues on the next line in shell syntax, so that it can be pasted. */
function exampleLines(examples: readonly string[], columns: number): string[] {
  return examples.flatMap((example) => {
    const room = columns - INDENT.length - ' \\'.length;
    if (example.length + INDENT.length <= columns) return [INDENT + example];
    // Keep a flag and its value on one line.
    const parts = example.match(/(?:-[\w-]+ (?![-|]))?(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? [];
    const rows = fill(parts, room - INDENT.length);
    return rows.map((row, at) => `${INDENT}${at === 0 ? '' : INDENT}${row}${at === rows.length - 1 ? '' : ' \\'}`);
  });
}

function wrapLine(text: string, columns: number): string[] {
  return text === '' ? [''] : fill(text.split(/\s+/), columns);
}

/** Fills rows of at most `columns` with words; a longer word gets its own row. */
function fill(words: readonly string[], columns: number): string[] {
  const rows: string[] = [];
  for (const word of words) {
    const row = rows.at(-1);
    if (row !== undefined && row.length + 1 + word.length <= columns) rows[rows.length - 1] = `${row} ${word}`;
    else rows.push(word);
  }
  return rows;
}
