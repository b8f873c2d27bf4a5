/** What a spreadsheet takes for the beginning of a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/**
 * Rows as CSV (RFC 4180, lines ended by a single newline), a heading first. Numbers and exact decimal amounts stay what they are; a text that
 * a spreadsheet would run gets an apostrophe before it. Null is an empty cell.
 */
export function csvText(headings: readonly string[], rows: readonly (readonly (string | number | boolean | null)[])[]): string {
  return [headings, ...rows].map((row) => `${row.map(csvCell).join(',')}\n`).join('');
}

function csvCell(value: string | number | boolean | null): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const text = FORMULA.test(value) && !/^-?\d+(\.\d+)?$/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
