import { isUtf8 } from 'node:buffer';
import { damage } from './errors.ts';

/**
 * Columns of text as a SELECT has to name them, each under its own name. libsql ends the process when it reads text that is not UTF-8: what is
 * not plain ASCII is read as bytes, and `withTexts` makes it text again.
 */
export function texts(...columns: readonly string[]): string {
  return columns.map((column) => `${textValue(column)} ${column.replace(/^.*\./, '')}`).join(', ');
}

/** The same for one expression, without a name. */
export function textValue(expression: string): string {
  return `CASE WHEN ${expression} GLOB '*[^ -~]*' THEN CAST(${expression} AS BLOB) ELSE ${expression} END`;
}

/** The row with text where bytes of text stand. Throws damage for what is no text. */
export function withTexts<Row>(row: Row): Row {
  const fields = row as Record<string, unknown>;
  for (const name in fields) {
    const value = fields[name];
    // libsql gives a row of one query a Buffer, rows of a list an ArrayBuffer.
    if (value instanceof ArrayBuffer || value instanceof Uint8Array)
      fields[name] = textOf(Buffer.from(value as ArrayBuffer), name);
  }
  return row;
}

function textOf(bytes: Buffer, name: string): string {
  if (!isUtf8(bytes)) throw damage(`a text in the column ${name} is not UTF-8`);
  return bytes.toString();
}
