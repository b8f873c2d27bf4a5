import { Readable } from 'node:stream';
import { CsvError, type Options, parse } from 'csv-parse';
import { usageError } from '../../../errors.ts';

/** One row of a file: an object by column, or any JSON value; or why it cannot be read. `line` is its first line. */
export type DataRow = { line: number | undefined; value: unknown } | { line: number | undefined; reason: string };

interface PlacedRecord {
  line: number;
  record: string[];
}

const DELIMITERS = [',', ';', '\t', '|'] as const;
/** A line of a data set has some thousand characters; more than this is no JSON Lines. */
const LONGEST_LINE = 64 * 1024 * 1024;
const LONGEST_HEADER = 1024 * 1024;
/** The parser has all rows of a piece in memory at once, which would be thousands. */
const PARSED_AT_ONCE = 8 * 1024;

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
  const iterator = pieces[Symbol.asyncIterator]();
  const start = await readHeader(iterator);
  /** The line on which the next row begins. */
  let next = 1;
  const options: Options<PlacedRecord, string[]> = {
    delimiter: delimiterOf(start),
    relax_quotes: true,
    relax_column_count: true,
    // With the option `info`, the parser would describe each row twice.
    on_record(record: string[], { lines }): PlacedRecord {
      const line = next;
      next = lines + 1;
      return { line, record };
    },
  };
  // Its types allow other rows only with named columns.
  const parser = parse(options as unknown as Options);
  const source = Readable.from(withStart(start, iterator));
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  let columns: readonly string[] | undefined;
  try {
    for await (const { line, record } of parser as AsyncIterable<PlacedRecord>) {
      // Empty lines are rows here, so that the lines of the others are known.
      if (record.length === 1 && record[0]!.trim() === '') continue;
      if (columns === undefined) columns = columnsOf(record);
      else if (record.length === columns.length) yield { line, value: byColumn(columns, record) };
      else yield { line, reason: `${count(record.length, 'field')}, but the header has ${columns.length}` };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // The error discards rows that were not taken yet.
    yield { line: next, reason: `not valid CSV: ${error.message.split('\n')[0]}` };
  } finally {
    source.destroy();
  }
}

/** Returns the text up to the end of the header, and what was read with it. */
async function readHeader(iterator: AsyncIterator<string>): Promise<string> {
  let start = '';
  while (headerEnd(start) === -1 && start.length < LONGEST_HEADER) {
    const { done, value } = await iterator.next();
    if (done === true) break;
    start += value;
  }
  return start;
}

/** Yields the start and the rest. A character of two units stays whole: the parser turns each piece into bytes. */
async function* withStart(start: string, iterator: AsyncIterator<string>): AsyncGenerator<string> {
  let held = '';
  for (let piece: string | undefined = start; piece !== undefined; piece = await nextPiece(iterator)) {
    const text = held + piece;
    held = /[\uD800-\uDBFF]$/.test(text) ? text.slice(-1) : '';
    const end = text.length - held.length;
    for (let at = 0; at < end;) {
      let next = Math.min(at + PARSED_AT_ONCE, end);
      if (next < end && /[\uD800-\uDBFF]/.test(text[next - 1]!)) next += 1;
      yield text.slice(at, next);
      at = next;
    }
  }
  if (held !== '') yield held;
}

async function nextPiece(iterator: AsyncIterator<string>): Promise<string | undefined> {
  const { done, value } = await iterator.next();
  return done === true ? undefined : value;
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
  return Object.fromEntries(columns.map((name, index) => [name === '' ? `column ${index + 1}` : name, record[index]!]));
}

export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
