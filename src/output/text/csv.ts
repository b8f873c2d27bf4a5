/**
 * What a spreadsheet takes for the beginning of a formula: these signs, also as wide ones, also behind what it leaves out (spaces, control
 * characters, what is drawn as nothing). Tab and line ends at the beginning may move the rest into a cell of its own.
 */
const FORMULA = /^(?:[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]*[=+\-@\uff1d\uff0b\uff0d\uff20\u2212]|[\t\r\n])/u;

/**
 * Rows as CSV (RFC 4180, lines ended by a single newline), a heading first. Numbers and exact decimal amounts stay what they are; a text that
 * a spreadsheet would run gets an apostrophe before it. Null is an empty cell.
 */
export function csvText(headings: readonly string[], rows: readonly CsvRow[]): string {
  return [headings, ...rows].map(csvLine).join('');
}

export type CsvRow = readonly (string | number | boolean | null)[];

/** One row, for what is too long to be held as a whole. */
export function csvLine(row: CsvRow): string {
  return `${row.map(csvCell).join(',')}\n`;
}

function csvCell(value: CsvRow[number]): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const text = FORMULA.test(value) && !/^-?\d+(\.\d+)?$/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
