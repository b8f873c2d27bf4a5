/** Columns of help where standard output is no terminal. */
const PIPE_COLUMNS = 80;
const WIDEST = 100;
const NARROWEST = 30;
/** Longer terms have their description on the next line. */
const WIDEST_TERM = 25;
const INDENT = '  ';
const GAP = 2;

/** A flag, word or command with its description. */
export type HelpItem = readonly [term: string, description: string];

/** The width that help is laid out for, from the width of the terminal, if it is one. */
export function helpColumns(columns: number | undefined): number {
  return Math.max(NARROWEST, Math.min(columns || PIPE_COLUMNS, WIDEST));
}

/** A heading with aligned items; no lines without items. `least`: width of the terms, where several lists are aligned. */
export function itemLines(heading: string, items: readonly HelpItem[], columns: number, least = 0): string[] {
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

/** Paragraphs, a line each, wrapped to the width. Lines that begin with a space keep their form. */
export function paragraphLines(text: string, columns: number): string[] {
  return text.trim() === ''
    ? []
    : text
        .replace(/^\n+|\s+$/g, '')
        .split('\n')
        .flatMap((line) => (line.startsWith(' ') ? [line] : wrapLine(line, columns)));
}

/** Command lines; one that is too wide continues on the next line in the way of a shell, so that it can be pasted. */
export function exampleLines(examples: readonly string[], columns: number): string[] {
  return examples.flatMap((example) => {
    const room = columns - INDENT.length - ' \\'.length;
    if (example.length + INDENT.length <= columns) return [INDENT + example];
    const rows = fill(example.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? [], room - INDENT.length);
    return rows.map((row, at) => `${INDENT}${at === 0 ? '' : INDENT}${row}${at === rows.length - 1 ? '' : ' \\'}`);
  });
}

function wrapLine(text: string, columns: number): string[] {
  return text === '' ? [''] : fill(text.split(/\s+/), columns);
}

/** Words in rows of at most `columns`; a longer word has a row of its own. */
function fill(words: readonly string[], columns: number): string[] {
  const rows: string[] = [];
  for (const word of words) {
    const row = rows.at(-1);
    if (row !== undefined && row.length + 1 + word.length <= columns) rows[rows.length - 1] = `${row} ${word}`;
    else rows.push(word);
  }
  return rows;
}
