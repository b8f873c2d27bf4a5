import { withMembers } from '../../text/json-members.ts';

/** A text from a list, and what the output keeps of it. */
export interface InputRow {
  /** Its place among all rows of the input, from 0. */
  index: number;
  /** Where it was read, for messages: `line 7 of notes.jsonl`. */
  place: string;
  text: string;
  /** The line as it was read. */
  source: string;
  /** The user's JSON object, as it was written. Undefined for a plain text. */
  json?: string | undefined;
  /** The file that the whole text comes from. */
  file?: string | undefined;
}

/** A row that cannot be read. */
export interface RowFault {
  place: string;
  reason: string;
}

/**
 * Returns a row as a JSON object with more members. The user's members stay as they were written, except for those of the same
 * name as an added one. `index` is added if the object has none. Values are JSON text.
 */
export function rowJson(row: InputRow, added: Readonly<Record<string, string>>): string {
  const { json, file, index, text } = row;
  if (json !== undefined) {
    const hasIndex = Object.hasOwn(JSON.parse(json) as object, 'index');
    return withMembers(json, { ...(hasIndex ? {} : { index: String(index) }), ...added });
  }
  const own = file === undefined ? { index, text } : { index, file };
  return withMembers(JSON.stringify(own), added);
}
