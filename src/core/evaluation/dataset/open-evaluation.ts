import { basename, join } from 'node:path';
import { usageError } from '../../../errors.ts';
import type { EvaluationFile, TestCase, UnreadableRow } from '../test-case.ts';
import { parseDataDocument, type ParsedDocument } from './documents.ts';
import { isPromptfooConfig, isPromptfooTest, openPromptfooConfig, openPromptfooTests } from './promptfoo.ts';
import { isPromptfooCsv } from './promptfoo-csv.ts';
import { openRows } from './row-reader.ts';
import { count, csvRows, type DataRow, jsonRows } from './rows.ts';
import { type EvaluationSource, type FormatReader, objectOf, type ReadingChoices, ReadingNotes } from './source.ts';
import { openFolder, openText } from './text-readers.ts';

const CONFIG_NAMES = ['promptfooconfig.yaml', 'promptfooconfig.yml', 'promptfooconfig.json'];
/** Reasons beyond these are counted and not kept. */
const MOST_UNREADABLE = 1000;
/** Cases of a small file stay in memory, because a run reads them several times: at most this many, from a text of this length. */
const MOST_KEPT = 4096;
const MOST_KEPT_TEXT = 4 * 1024 * 1024;

/**
 * Opens a file or folder with prompts or tests and reads it once, to say what it contains and what cannot be read. Throws kind `usage` for a file whose
 * format is not known or that cannot be read at all.
 */
export async function openEvaluation(
  path: string,
  source: EvaluationSource,
  choices: ReadingChoices = {},
): Promise<EvaluationFile> {
  let length = 0;
  const counted: EvaluationSource = {
    ...source,
    async *readPieces(wanted) {
      for await (const piece of source.readPieces(wanted)) {
        length += piece.length;
        yield piece;
      }
    },
  };
  const reader = await readerFor(path, counted, choices);
  const notes = new ReadingNotes();
  let kept: TestCase[] | undefined = [];
  const unreadableRows: UnreadableRow[] = [];
  const ids = new Set<string>();
  let twice: string | undefined;
  const totals = { cases: 0, tests: 0, unreadable: 0, expectations: 0 };
  for await (const event of reader.read(notes)) {
    if (event.kind === 'test') totals.tests += 1;
    else if (event.kind === 'case') {
      totals.cases += 1;
      length += event.testCase.prompt.reduce((sum, { text }) => sum + text.length, 0);
      if (totals.cases > MOST_KEPT || length > MOST_KEPT_TEXT) kept = undefined;
      kept?.push(event.testCase);
      totals.expectations += event.testCase.expectations.length;
      if (ids.has(event.testCase.id)) twice ??= event.testCase.id;
      else ids.add(event.testCase.id);
    } else {
      totals.unreadable += 1;
      if (unreadableRows.length < MOST_UNREADABLE) unreadableRows.push(event.row);
    }
  }
  const cases = kept;
  if (twice !== undefined) notes.warn(`several cases have the id ${twice}: they are numbered`);
  if (totals.unreadable > unreadableRows.length)
    unreadableRows.push({
      origin: { file: path },
      reason: `${count(totals.unreadable - unreadableRows.length, 'more row')} cannot be read`,
    });
  return {
    path,
    format: reader.format,
    caseCount: totals.cases,
    testCount: totals.tests,
    prompts: reader.prompts,
    lanes: reader.lanes,
    summary: notes.summary,
    notRun: notes.notRun,
    warnings: notes.warnings,
    unreadable: unreadableRows,
    cases: () => numbered(cases ?? casesIn(reader), twice !== undefined),
  };
}

async function* casesIn(reader: FormatReader): AsyncGenerator<TestCase> {
  for await (const event of reader.read(new ReadingNotes())) if (event.kind === 'case') yield event.testCase;
}

/** Ids that occur twice are numbered, in the order of the file. */
async function* numbered(cases: Iterable<TestCase> | AsyncIterable<TestCase>, isNumbered: boolean): AsyncGenerator<TestCase> {
  const seen = new Map<string, number>();
  for await (const testCase of cases) {
    if (!isNumbered) {
      yield testCase;
      continue;
    }
    const times = (seen.get(testCase.id) ?? 0) + 1;
    seen.set(testCase.id, times);
    const id = times === 1 ? testCase.id : `${testCase.id} (${times})`;
    yield { ...testCase, id, testId: testCase.testId === testCase.id ? id : testCase.testId };
  }
}

async function readerFor(path: string, source: EvaluationSource, choices: ReadingChoices): Promise<FormatReader> {
  const kind = await source.kindOf(path);
  if (kind === undefined) throw usageError(`${path} does not exist`, 'check the path');
  if (kind === 'folder') {
    for (const name of CONFIG_NAMES) {
      const config = join(path, name);
      if ((await source.kindOf(config)) === 'file') return readerFor(config, source, choices);
    }
    return openFolder(path, source, choices);
  }
  const [ending = ''] = /\.[a-z]+$/.exec(basename(path).toLowerCase()) ?? [];
  switch (ending) {
    case '.yaml':
    case '.yml':
    case '.json':
      return openDocument(path, parseDataDocument(path, await source.readText(path)), source, choices);
    case '.jsonl':
    case '.ndjson':
      return openRowFile(path, jsonRows, source, choices);
    case '.csv':
    case '.tsv':
      return openRowFile(path, csvRows, source, choices);
    case '.txt':
    case '.md':
    case '.prompt':
      return openText(path, source);
    default:
      throw usageError(
        `orx does not know the format of ${path}`,
        ending === '.parquet' || ending.startsWith('.xls')
          ? 'convert it to JSONL or CSV'
          : 'use .yaml, .json, .jsonl, .csv, .tsv, .txt, .md or a folder',
      );
  }
}

async function openRowFile(
  path: string,
  rowsOf: (pieces: AsyncIterable<string>) => AsyncIterable<DataRow>,
  source: EvaluationSource,
  choices: ReadingChoices,
): Promise<FormatReader> {
  const rows = (): AsyncIterable<DataRow> => rowsOf(source.readPieces(path));
  const first = await firstReadable(path, rows());
  const columns = Object.keys(objectOf(first) ?? {});
  if (isPromptfooTest(first) || (rowsOf === csvRows && isPromptfooCsv(columns)))
    return openPromptfooTests(path, undefined, source, choices);
  return openRows(path, first, rows, choices);
}

/** Returns the first readable row. If no row is readable, throws kind `usage` with the place of the first one. */
async function firstReadable(path: string, rows: AsyncIterable<DataRow>): Promise<unknown> {
  let broken: { line: number | undefined; reason: string } | undefined;
  let count = 0;
  for await (const row of rows) {
    if ('value' in row) return row.value;
    broken ??= row;
    count += 1;
  }
  if (broken === undefined) throw usageError(`${path} has no rows`, 'write one prompt or test in each row');
  throw usageError(
    `no row of ${path} can be read: ${broken.line === undefined ? '' : `line ${broken.line}: `}${broken.reason}`,
    count === 1 ? 'fix this row' : `fix this row and ${count === 2 ? '1 other' : `the ${count - 1} others`}`,
  );
}

async function openDocument(
  path: string,
  document: ParsedDocument,
  source: EvaluationSource,
  choices: ReadingChoices,
): Promise<FormatReader> {
  const { value } = document;
  if (isPromptfooConfig(value)) return openPromptfooConfig(path, document, source, choices);
  const key = Array.isArray(value) ? undefined : listKey(objectOf(value) ?? {});
  const items: unknown = key === undefined ? value : objectOf(value)![key];
  if (!Array.isArray(items) || items.length === 0) {
    if (isPromptfooTest(value)) return openPromptfooTests(path, document, source, choices);
    throw usageError(
      `orx does not recognize the contents of ${path}`,
      'it is neither a configuration of promptfoo nor a list of tests or questions',
    );
  }
  if (items.some(isPromptfooTest)) return openPromptfooTests(path, document, source, choices);
  const rows = async function* all(): AsyncGenerator<DataRow> {
    for (const [index, item] of items.entries())
      yield { line: document.lineOf(key === undefined ? [index] : [key, index]), value: viewedRow(item) };
  };
  return openRows(path, viewedRow(items[0]), rows, choices);
}

/** Returns the row of a data set as the viewer of Hugging Face writes it, `{ row_idx, row, truncated_cells }`; any other row as it is. */
function viewedRow(item: unknown): unknown {
  const fields = objectOf(item);
  return fields?.['row_idx'] === undefined ? item : (objectOf(fields['row']) ?? item);
}

/** Results of LLM Comparator have their rows in `examples`; other files wrap one list. */
function listKey(fields: Readonly<Record<string, unknown>>): string | undefined {
  if (Array.isArray(fields['examples'])) return 'examples';
  if (Array.isArray(fields['rows']) && objectOf((fields['rows'] as unknown[])[0]) !== undefined) return 'rows';
  return Object.keys(fields).find((name) => {
    const list = fields[name];
    return Array.isArray(list) && objectOf(list[0]) !== undefined;
  });
}
