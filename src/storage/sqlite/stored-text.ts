import { isUtf8 } from 'node:buffer';
import { damage } from './errors.ts';

/**
 * Returns text columns for a SELECT, each under its own name. libsql terminates the process when it reads text that is not UTF-8: so text that
 * is not plain ASCII is read as bytes, which `withTexts` converts to text.
 */
export function texts(...columns: readonly string[]): string {
  return columns.map((column) => `${textValue(column)} ${column.replace(/^.*\./, '')}`).join(', ');
}

/** Returns the same for one expression, without a name. */
export function textValue(expression: string): string {
  return `CASE WHEN ${expression} GLOB '*[^ -~]*' THEN CAST(${expression} AS BLOB) ELSE ${expression} END`;
}

/** Converts the bytes of text columns in a row to text. Throws damage for invalid UTF-8. */
export function withTexts<Row>(row: Row): Row {
  const fields = row as Record<string, unknown>;
  for (const name in fields) {
    const value = fields[name];
    // libsql returns a Buffer for a single row and ArrayBuffers for a list of rows.
    if (value instanceof ArrayBuffer || value instanceof Uint8Array)
      fields[name] = columnText(Buffer.from(value as ArrayBuffer), name);
  }
  return row;
}

/** Returns the text of a column. Throws damage for invalid UTF-8. */
export function columnText(bytes: Buffer, name: string): string {
  if (!isUtf8(bytes)) throw damage(`a text in the column ${name} is not UTF-8`);
  return bytes.toString();
}
