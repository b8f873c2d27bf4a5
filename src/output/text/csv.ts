/**
 * Matches text that a spreadsheet may treat as a formula: these signs, including their full-width forms, also behind characters
 * that it skips (spaces, control characters, characters drawn as nothing). Tabs and line ends at the start may move the rest into
 * a separate cell.
 */
const FORMULA = /^(?:[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]*[=+\-@\uff1d\uff0b\uff0d\uff20\u2212]|[\t\r\n])/u;
const NUMBER = /^-?\d+(\.\d+)?$/;

export type CsvRow = readonly (string | number | boolean | null)[];

/** Returns a heading and rows as CSV. */
export function csvText(headings: readonly string[], rows: readonly CsvRow[]): Promise<string> {
  return csvLines([headings, ...rows]);
}

/**
 * Returns rows as CSV (RFC 4180, lines end with a single newline). Numbers and exact decimal amounts are not changed. A text that
 * a spreadsheet would run gets a leading apostrophe; the library's own guard would also change negative amounts. Null is an empty
 * cell.
 */
export async function csvLines(rows: readonly CsvRow[]): Promise<string> {
  // Load the library only when CSV is printed.
  const { stringify } = await import('csv-stringify/sync');
  return stringify([...rows], { cast: { string: withoutFormula, boolean: String } });
}

function withoutFormula(text: string): string {
  return FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
}
