import { OrxError } from '../../../errors.ts';
import type { Origin } from '../test-case.ts';
import type { ParsedDocument } from './documents.ts';
import { withReferences } from './json-references.ts';
import { csvTest } from './promptfoo-csv.ts';
import { isCodeReference, type References } from './references.ts';
import { csvRows, jsonRows, type DataRow } from './rows.ts';
import { itemsIn, objectOf, type ReadingNotes } from './source.ts';

/** A test as a file writes it, or why it cannot be read. */
export type RawTest = { origin: Origin; fields: Readonly<Record<string, unknown>> } | { origin: Origin; reason: string };

/**
 * Yields the tests of a `tests` field: objects, files, globs, or lists of these. `lineOf` finds the lines of the items in the file that contains the
 * field. A file of rows is read as a stream.
 */
export async function* readTests(
  value: unknown,
  file: string,
  references: References,
  notes: ReadingNotes,
  lineOf: (index: number) => number | undefined = () => undefined,
): AsyncGenerator<RawTest> {
  for (const [index, entry] of itemsIn(value).entries()) {
    const origin = { file, line: lineOf(index) };
    const fields = objectOf(entry);
    if (typeof entry === 'string') yield* guarded(origin, referenced(entry, file, references, notes));
    else if (fields === undefined) yield { origin, reason: 'a test is neither an object nor the name of a file' };
    else if (typeof fields['path'] === 'string' && fields['vars'] === undefined && fields['assert'] === undefined)
      yield* guarded(origin, referenced(fields['path'], file, references, notes));
    else yield { origin, fields };
  }
}

/** Yields the tests of one file. `document` is the parsed file, if it has one. */
export async function* readTestsFile(path: string, references: References, notes: ReadingNotes): AsyncGenerator<RawTest> {
  if (/\.[ct]sv$/i.test(path))
    yield* fromRows(path, csvRows(references.readPieces(path)), (row) => csvTest(row as Record<string, string>, notes));
  else if (/\.(?:jsonl|ndjson)$/i.test(path)) yield* fromRows(path, jsonRows(references.readPieces(path)), objectOf);
  else yield* readTestList(await references.document(path), path, references, notes);
}

/** Yields the tests of a parsed list, or of a single test. */
export async function* readTestList(
  { value: written, lineOf }: ParsedDocument,
  path: string,
  references: References,
  notes: ReadingNotes,
): AsyncGenerator<RawTest> {
  const value = await withReferences(written, path, references);
  // Some files wrap the list: { tests: [ … ] }.
  const wrapped = objectOf(value)?.['tests'];
  const place = wrapped === undefined ? [] : ['tests'];
  yield* readTests(wrapped ?? value, path, references, notes, (index) =>
    lineOf(Array.isArray(wrapped ?? value) ? [...place, index] : place),
  );
}

async function* referenced(
  reference: string,
  from: string,
  references: References,
  notes: ReadingNotes,
): AsyncGenerator<RawTest> {
  if (isCodeReference(reference)) return notes.addNotRun('tests', reference, 'orx does not run code from files');
  if (/^https?:/.test(reference)) return notes.addNotRun('tests', reference, 'orx reads tests from files only: download it');
  if (/\.xlsx?(?:#.*)?$/i.test(reference))
    return notes.addNotRun('tests', reference, 'orx reads no spreadsheets: save it as CSV');
  for (const path of await references.paths(reference, from)) {
    if (isCodeReference(path)) notes.addNotRun('tests', path, 'orx does not run code from files');
    else yield* readTestsFile(path, references, notes);
  }
}

async function* fromRows(
  file: string,
  rows: AsyncIterable<DataRow>,
  convert: (value: unknown) => Readonly<Record<string, unknown>> | undefined,
): AsyncGenerator<RawTest> {
  for await (const row of rows) {
    const origin = { file, line: row.line };
    if ('reason' in row) yield { origin, reason: row.reason };
    else yield converted(origin, row.value, convert);
  }
}

function converted(
  origin: Origin,
  value: unknown,
  convert: (value: unknown) => Readonly<Record<string, unknown>> | undefined,
): RawTest {
  try {
    const fields = convert(value);
    return fields === undefined ? { origin, reason: 'a test is not an object' } : { origin, fields };
  } catch (error) {
    return { origin, reason: usageReason(error) };
  }
}

/** A file that cannot be read makes its reference unreadable, and the others are still read. */
async function* guarded(origin: Origin, tests: AsyncIterable<RawTest>): AsyncGenerator<RawTest> {
  try {
    yield* tests;
  } catch (error) {
    yield { origin, reason: usageReason(error) };
  }
}

/** Returns the message of a usage error; throws anything else. */
export function usageReason(error: unknown): string {
  if (error instanceof OrxError && error.kind === 'usage') return error.message;
  if (error instanceof RangeError) return 'it is nested too deeply';
  throw error;
}
