import { usageError } from '../../errors.ts';
import type { RowFault, InputRow } from './row.ts';

/** How an input becomes rows: each line is a text, each line is a JSON value, or the whole input is one text. */
export type RowForm = 'lines' | 'jsonl' | 'text';

export interface ReadRowsOptions {
  /** Undefined: JSON lines if the first line that is not empty is a JSON object or string, otherwise lines. */
  form: RowForm | undefined;
  /** The members of a JSON object whose texts are joined with line breaks. */
  fields: readonly string[];
  /** Called for each row that cannot be read. */
  onFault: (fault: RowFault) => void;
}

/** One file, or standard input. */
export interface RowSource {
  /** For messages. */
  name: string;
  /** The path of a file. */
  file?: string | undefined;
  lines: AsyncIterable<readonly string[]>;
}

/** In UTF-16 units. */
const LONGEST_TEXT = 4 * 1024 * 1024;
const MOST_NAMED = 5;

/** Yields the rows of all sources in their order, as they arrive. Empty lines are no rows. */
export async function* readRows(
  sources: Iterable<RowSource>,
  options: ReadRowsOptions,
): AsyncGenerator<readonly InputRow[], void, undefined> {
  let index = 0;
  for (const source of sources) {
    const reader = new RowReader(source, options);
    for await (const lines of source.lines) {
      const rows = lines.flatMap((line) => {
        const row = reader.read(line, index);
        if (row !== undefined) index += 1;
        return row === undefined || 'reason' in row ? [] : [row];
      });
      if (rows.length > 0) yield rows;
    }
    const last = reader.end(index);
    if (last === undefined) continue;
    index += 1;
    yield [last];
  }
}

class RowReader {
  readonly #source: RowSource;
  readonly #options: ReadRowsOptions;
  #form: RowForm | undefined;
  #line = 0;
  readonly #whole: string[] = [];
  #length = 0;

  constructor(source: RowSource, options: ReadRowsOptions) {
    this.#source = source;
    this.#options = options;
    this.#form = options.form;
  }

  /** Returns the row of a line, the fault that was reported for it, or undefined for no row. */
  read(raw: string, index: number): InputRow | RowFault | undefined {
    this.#line += 1;
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (this.#form === 'text') return this.#gather(line);
    if (line.trim() === '') return undefined;
    this.#form ??= isJsonRow(line) ? 'jsonl' : 'lines';
    const place = `line ${this.#line} of ${this.#source.name}`;
    if (this.#form === 'lines') return { index, place, text: line, source: line };
    const read = readJsonRow(line, this.#options.fields);
    if ('reason' in read) {
      const fault = { place, reason: read.reason };
      this.#options.onFault(fault);
      return fault;
    }
    return { index, place, source: line, ...read };
  }

  /** Returns the row of a source that is one text. */
  end(index: number): InputRow | undefined {
    const text = this.#whole.join('\n').trim();
    if (text === '') return undefined;
    const { name, file } = this.#source;
    return { index, place: name, text, source: text, ...(file !== undefined && { file }) };
  }

  #gather(line: string): undefined {
    this.#length += line.length + 1;
    if (this.#length > LONGEST_TEXT)
      throw usageError(`${this.#source.name} is longer than 4 MB`, 'read each line as a text: --input-format lines');
    this.#whole.push(line);
  }
}

/** Returns whether a line is meant as JSON. A line that begins like an object but is damaged is a fault, not a text. */
function isJsonRow(line: string): boolean {
  if (/^\s*\{\s*(?:"|\}\s*$)/.test(line)) return true;
  return /^\s*"/.test(line) && typeof parsed(line) === 'string';
}

function readJsonRow(line: string, fields: readonly string[]): { text: string; json?: string } | { reason: string } {
  const value = parsed(line);
  if (value === undefined) return { reason: 'not valid JSON' };
  if (typeof value === 'string') return value.trim() === '' ? { reason: 'the text is empty' } : { text: value };
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { reason: 'neither a JSON object nor a JSON string' };
  const texts: string[] = [];
  for (const field of fields) {
    const text = (value as Readonly<Record<string, unknown>>)[field];
    if (typeof text !== 'string') return { reason: faultOf(field, value, text) };
    texts.push(text);
  }
  const text = texts.join('\n');
  return text.trim() === '' ? { reason: 'the text is empty' } : { text, json: line.trim() };
}

function faultOf(field: string, row: object, value: unknown): string {
  if (Object.hasOwn(row, field)) return `"${field}" is not a text`;
  const others = Object.entries(row).flatMap(([name, one]) => (typeof one === 'string' ? [name] : []));
  const named = others.slice(0, MOST_NAMED).join(', ');
  return value === undefined && named !== '' ? `no field "${field}"; fields with text: ${named}` : `no field "${field}"`;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
