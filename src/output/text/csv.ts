/**
 * What a spreadsheet takes for the beginning of a formula: these signs, also as wide ones, also behind what it leaves out (spaces, control
 * characters, what is drawn as nothing). Tab and line ends at the beginning may move the rest into a cell of its own.
 */
const FORMULA = /^(?:[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]*[=+\-@\uff1d\uff0b\uff0d\uff20\u2212]|[\t\r\n])/u;
const NUMBER = /^-?\d+(\.\d+)?$/;

export type CsvRow = readonly (string | number | boolean | null)[];

/** A heading and rows as CSV. */
export function csvText(headings: readonly string[], rows: readonly CsvRow[]): Promise<string> {
  return csvLines([headings, ...rows]);
}

/**
 * Rows as CSV (RFC 4180, lines ended by a single newline). Numbers and exact decimal amounts stay what they are; a text that a spreadsheet
 * would run gets an apostrophe before it: the library's own guard would also change amounts below zero. Null is an empty cell.
 */
export async function csvLines(rows: readonly CsvRow[]): Promise<string> {
  // Loaded where CSV is printed, and nowhere else.
  const { stringify } = await import('csv-stringify/sync');
  return stringify([...rows], { cast: { string: withoutFormula, boolean: String } });
}

function withoutFormula(text: string): string {
  return FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
}
