import { copyWith } from '../../../copy-with.ts';
import { usageError } from '../../../errors.ts';
import type { Origin, TestCase, TestMessage } from '../test-case.ts';
import { checkChosenType, expectedUse } from './expected-text.ts';
import { ownPrompts } from './promptfoo.ts';
import { usageReason } from './promptfoo-tests.ts';
import { messagesOf, renderPrompt } from './promptfoo-prompts.ts';
import { questionFormat } from './question-format.ts';
import { type MappedRow, ROW_FORMATS, type RowFormat } from './row-formats.ts';
import type { RowFields } from './row-values.ts';
import type { DataRow } from './rows.ts';
import {
  type FormatReader,
  objectOf,
  placeText,
  type ReadEvent,
  type ReadingChoices,
  type ReadingNotes,
  unreadable,
} from './source.ts';

const MAPPED = ['prompt', 'expected', 'id', 'label', 'system'] as const;

/** Returns the form of a data set by its first row. Throws kind `usage` if no column is a prompt, or for a mapped column that is missing. */
export function openRows(
  file: string,
  first: unknown,
  rows: () => AsyncIterable<DataRow>,
  choices: ReadingChoices,
): FormatReader {
  const { map = {}, expect } = choices;
  if (expect !== undefined) checkChosenType(expect);
  checkMap(file, first, map);
  const format = formatOf(file, first, choices);
  const prompts = choices.prompts === undefined ? undefined : ownPrompts(choices.prompts);
  return {
    format: format.name,
    prompts: (prompts ?? []).map(({ name }) => name),
    async *read(notes) {
      notes.say(prompts === undefined ? format.summary : 'columns → variables of the prompt');
      sayVariables(first, format, notes);
      let number = 0;
      for await (const row of rows()) {
        const origin = { file, line: row.line };
        if ('reason' in row) {
          yield unreadable(origin, row.reason);
          continue;
        }
        number += 1;
        try {
          const fields = rowFields(row.value);
          for (const name of format.notRun ?? [])
            if (isFilledIn(fields[name]))
              notes.addNotRun('field', name, 'orx sends the text alone', 'case', prompts?.length ?? 1);
          const mapped = format.map(fields, placeText(origin));
          yield { kind: 'test' };
          const facts = factsOf(mapped, fields, format, origin, number, expect, notes);
          if (prompts === undefined) yield caseEvent(facts, mapped.prompt, mapped.followUps);
          else
            for (const prompt of prompts) {
              const { name } = prompt;
              const own = prompts.length > 1 ? copyWith(facts, { id: `${facts.id}/${name}`, promptName: name }) : facts;
              yield caseEvent(own, renderPrompt(prompt, fields, { prefix: '', suffix: '' }), undefined);
            }
        } catch (error) {
          yield unreadable(origin, usageReason(error));
        }
      }
    },
  };
}

const NO_VARIABLES: TestCase['vars'] = {};

type CaseFacts = Omit<TestCase, 'prompt' | 'followUps'>;

function factsOf(
  mapped: MappedRow,
  fields: RowFields,
  format: RowFormat,
  origin: Origin,
  number: number,
  expect: string | undefined,
  notes: ReadingNotes,
): CaseFacts {
  const { expectations, reference } = expectedUse(mapped.expected, mapped.use, expect, mapped.expectedColumn, notes);
  const id = mapped.id ?? String(number);
  const { label, tags = [], metadata = {} } = mapped;
  const others = Object.entries(fields).filter(([name]) => !format.used.includes(name));
  const vars = others.length === 0 ? NO_VARIABLES : Object.fromEntries(others);
  return { id, testId: id, label, tags, metadata, vars, expectations, reference, origin };
}

function caseEvent(facts: CaseFacts, prompt: readonly TestMessage[], followUps: readonly string[] | undefined): ReadEvent {
  if (prompt.every(({ text }) => text.trim() === '')) throw usageError('the prompt is empty');
  return { kind: 'case', testCase: copyWith(facts, { prompt, followUps: followUps ?? [] }) };
}

function formatOf(file: string, first: unknown, { map = {}, prompts }: ReadingChoices): RowFormat {
  if (Array.isArray(first)) return CHAT_LINES;
  const fields = objectOf(first);
  if (fields === undefined) return TEXT_LINES;
  const found =
    map['prompt'] === undefined && map['expected'] === undefined ? ROW_FORMATS.find(({ fits }) => fits(fields)) : undefined;
  const format = found ?? questionFormat(fields, map);
  if (format !== undefined) return format;
  if (prompts !== undefined) return VARIABLES;
  throw usageError(
    `${file} has no column with a prompt`,
    `name one of its columns: --map prompt=${shellWord(Object.keys(fields)[0] ?? 'COLUMN')}`,
    `it has these columns: ${Object.keys(fields).join(', ')}`,
  );
}

/** A line that is a list of messages. */
const CHAT_LINES: RowFormat = {
  name: 'conversations, one a line',
  fits: Array.isArray,
  summary: 'each line → prompt',
  used: ['messages'],
  map: ({ messages }, place) => ({
    prompt: messagesOf(messages as unknown[], place),
    expected: [],
    use: 'by length',
    expectedColumn: '',
  }),
};

/** A line that is a JSON text. */
const TEXT_LINES: RowFormat = {
  name: 'prompts, one a line',
  fits: () => true,
  summary: 'each line → prompt',
  used: ['text'],
  map: ({ text }) => ({ prompt: [{ role: 'user', text: String(text) }], expected: [], use: 'by length', expectedColumn: '' }),
};

/** Rows without a prompt, for a prompt that is given. */
const VARIABLES: RowFormat = {
  name: 'variables',
  fits: () => true,
  summary: 'columns → variables of the prompt',
  used: [],
  map: () => ({ prompt: [], expected: [], use: 'by length', expectedColumn: '' }),
};

function rowFields(value: unknown): RowFields {
  const fields = objectOf(value);
  if (fields !== undefined) return fields;
  if (Array.isArray(value)) return { messages: value };
  if (typeof value === 'string') return { text: value };
  throw usageError('a row is neither an object, nor a list of messages, nor text');
}

function checkMap(file: string, first: unknown, map: Readonly<Record<string, string>>): void {
  for (const [key, column] of Object.entries(map)) {
    if (!MAPPED.some((one) => one === key))
      throw usageError(`--map cannot set ${key}`, `use ${MAPPED.join(', ')}: --map prompt=COLUMN`);
    const columns = Object.keys(objectOf(first) ?? {});
    if (!columns.includes(column))
      throw usageError(`${file} has no column ${column}`, `it has these columns: ${columns.join(', ')}`);
  }
}

function sayVariables(first: unknown, { used }: RowFormat, notes: ReadingNotes): void {
  const others = Object.keys(objectOf(first) ?? {}).filter((name) => !used.includes(name));
  if (others.length > 0)
    notes.say(
      `${others.length === 1 ? '1 other column' : `${others.length} other columns`} → variables: ${others.slice(0, 8).join(', ')}`,
    );
}

function isFilledIn(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

function shellWord(text: string): string {
  return /^[\w.-]+$/.test(text) ? text : `'${text}'`;
}
