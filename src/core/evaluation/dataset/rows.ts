import { usageError } from '../../../errors.ts';
import { type CsvRecord, CsvSplitter } from './split-csv.ts';

/** One row of a file: an object by column, or any JSON value; or why it cannot be read. `line` is its first line. */
export type DataRow = { line: number | undefined; value: unknown } | { line: number | undefined; reason: string };

const DELIMITERS = [',', ';', '\t', '|'] as const;
/** A line of a data set has some thousand characters; more than this is no JSON Lines. */
const LONGEST_LINE = 64 * 1024 * 1024;
const LONGEST_HEADER = 1024 * 1024;

/** Yields the rows of a file with one JSON value a line. Empty lines are skipped. */
export async function* jsonRows(pieces: AsyncIterable<string>): AsyncGenerator<DataRow> {
  let line = 0;
  for await (const text of linesOf(pieces)) {
    line += 1;
    if (text.trim() === '') continue;
    yield jsonRow(line, text);
  }
}

function jsonRow(line: number, text: string): DataRow {
  try {
    return { line, value: JSON.parse(text) };
  } catch (error) {
    return { line, reason: `not valid JSON: ${(error as Error).message}` };
  }
}

/** Yields lines without their ends. The text is never in memory as a whole. */
export async function* linesOf(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const piece of pieces) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop()!;
    if (rest.length > LONGEST_LINE) throw usageError('the file has a line longer than 64 MB', 'check the format of the file');
    for (const line of lines) yield line.endsWith('\r') ? line.slice(0, -1) : line;
  }
  if (rest !== '') yield rest;
}

/**
 * Yields the rows of a CSV file as objects by column. The delimiter is the one that the header has most often outside of quotes. A quote inside an
 * unquoted field is text. A row with more or fewer fields than the header is unreadable. Throws kind `usage` for a header that cannot be used.
 */
export async function* csvRows(pieces: AsyncIterable<string>): AsyncGenerator<DataRow> {
  let splitter: CsvSplitter | undefined;
  let columns: readonly string[] | undefined;
  const rowsOf = function* rowsOf(records: Iterable<CsvRecord>): Generator<DataRow> {
    for (const { fields, line } of records) {
      // An empty line.
      if (fields.length === 1 && fields[0]!.trim() === '') continue;
      if (columns === undefined) columns = columnsOf(fields);
      else if (fields.length === columns.length) yield { line, value: byColumn(columns, fields) };
      else yield { line, reason: `${count(fields.length, 'field')}, but the header has ${columns.length}` };
    }
  };
  let start = '';
  for await (const piece of pieces) {
    if (splitter === undefined) {
      start += piece;
      if (headerEnd(start) === -1 && start.length < LONGEST_HEADER) continue;
      splitter = new CsvSplitter(delimiterOf(start));
      yield* rowsOf(splitter.push(start));
    } else yield* rowsOf(splitter.push(piece));
    if (splitter.pending > LONGEST_LINE) throw usageError('the file has a row longer than 64 MB', 'check the quotes of the file');
  }
  if (splitter === undefined) {
    splitter = new CsvSplitter(delimiterOf(start));
    yield* rowsOf(splitter.push(start));
  }
  yield* rowsOf(splitter.end());
  if (splitter.pending > 0) yield { line: splitter.line, reason: 'not valid CSV: a quote in this row is not closed' };
}

function headerEnd(text: string): number {
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '"') isQuoted = !isQuoted;
    else if (!isQuoted && (text[at] === '\n' || text[at] === '\r')) return at;
  }
  return -1;
}

function delimiterOf(start: string): string {
  const end = headerEnd(start);
  const header = (end === -1 ? start : start.slice(0, end)).replaceAll(/"(?:[^"]|"")*"/g, '');
  const counted = DELIMITERS.map((delimiter) => ({ delimiter, times: header.split(delimiter).length }));
  return counted.reduce((best, one) => (one.times > best.times ? one : best)).delimiter;
}

function columnsOf(record: readonly string[]): readonly string[] {
  const columns = record.map((name) => name.trim());
  const twice = columns.find((name, index) => name !== '' && columns.indexOf(name) !== index);
  if (twice !== undefined) throw usageError(`the CSV file has two columns called ${twice}`, 'rename one of them');
  return columns;
}

function byColumn(columns: readonly string[], record: readonly string[]): Readonly<Record<string, string>> {
  const row: Record<string, string> = {};
  for (const [index, name] of columns.entries()) {
    if (name === '__proto__') Object.defineProperty(row, name, { value: record[index]!, enumerable: true });
    else row[name === '' ? `column ${index + 1}` : name] = record[index]!;
  }
  return row;
}

export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
