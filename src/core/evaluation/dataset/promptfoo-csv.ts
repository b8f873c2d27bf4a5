import { usageError } from '../../../errors.ts';
import { cellAssertion } from './promptfoo-expectations.ts';
import { numberIn, type ReadingNotes } from './source.ts';

/** Columns of promptfoo that start with one underscore by mistake. */
const MISTAKEN = /^_(?:expected\d*|description|prefix|suffix|metric|threshold|metadata.*)$/;
const NO_VARIABLE = /^__(?:expected|description|prefix|suffix|metric|threshold|metadata:|config:|providerOutput)/;

/** Returns whether the columns are those of a promptfoo tests file. */
export function isPromptfooCsv(columns: readonly string[]): boolean {
  return columns.some((column) => NO_VARIABLE.test(column));
}

/** Returns the test that a row of a CSV file stands for, in the form of a YAML test. Throws kind `usage`. */
export function csvTest(row: Readonly<Record<string, string>>, notes: ReadingNotes): Readonly<Record<string, unknown>> {
  // Entries instead of assignments: a column may be called __proto__.
  const vars: [string, unknown][] = [];
  const metadata: [string, unknown][] = [];
  const options: [string, unknown][] = [];
  const test: { description?: string; threshold?: number } = {};
  const assertions = new Map<string, Record<string, unknown>>();
  for (const [column, cell] of Object.entries(row)) {
    if (MISTAKEN.test(column))
      notes.warn(`the column ${column} starts with one underscore: it is read as a variable, not as _${column}`);
    if (column.startsWith('__expected')) {
      const assertion = cellAssertion(cell);
      if (assertion !== undefined) assertions.set(column, { ...assertion });
    } else if (column.startsWith('__metadata:')) {
      if (cell !== '') metadata.push(metadataEntry(column.slice('__metadata:'.length), cell));
    } else if (column === '__description') {
      if (cell !== '') test.description = cell;
    } else if (column === '__threshold') {
      if (cell.trim() !== '') test.threshold = numberOf(column, cell);
    } else if (column === '__prefix' || column === '__suffix') options.push([column.slice(2), cell]);
    else if (!NO_VARIABLE.test(column)) vars.push([column, cell]);
  }
  for (const [column, cell] of Object.entries(row)) if (column.startsWith('__config:')) configure(assertions, column, cell);
  const metric = row['__metric']?.trim() ?? '';
  if (metric !== '') for (const assertion of assertions.values()) assertion['metric'] = metric;
  if ((row['__providerOutput'] ?? '') !== '') notes.addNotRun('field', '__providerOutput', 'orx always asks the model', 'test');
  return {
    ...test,
    vars: Object.fromEntries(vars),
    metadata: Object.fromEntries(metadata),
    options: Object.fromEntries(options),
    assert: [...assertions.values()],
  };
}

/** `KEY[]` is a list, separated by commas; `\,` is a comma. */
function metadataEntry(key: string, cell: string): [string, unknown] {
  if (!key.endsWith('[]')) return [key, cell];
  return [key.slice(0, -2), cell.split(/(?<!\\),/).map((item) => item.replaceAll(String.raw`\,`, ',').trim())];
}

/** `__config:__expected2:threshold` sets a field of the second assertion; `__expected` is the first. */
function configure(assertions: ReadonlyMap<string, Record<string, unknown>>, column: string, cell: string): void {
  const [, expected = '', key = ''] = column.split(':');
  const [, number = ''] = /^__expected(\d*)$/.exec(expected) ?? usage(`the column ${column} does not name a column __expected`);
  if (key !== 'threshold') throw usageError(`the column ${column} cannot set ${key}`, 'only threshold can be set');
  const names = number === '' || number === '1' ? ['__expected', '__expected1'] : [expected];
  const assertion = names.map((name) => assertions.get(name)).find((one) => one !== undefined);
  if (assertion !== undefined && cell.trim() !== '') assertion[key] = numberOf(column, cell);
}

function numberOf(column: string, cell: string): number {
  return numberIn(cell) ?? usage(`${column} is not a number: ${cell}`);
}

function usage(message: string): never {
  throw usageError(message);
}
