import { usageError } from '../../../errors.ts';
import type { TestMessage } from '../test-case.ts';
import type { ExpectedUse } from './expected-text.ts';
import { messagesOf } from './promptfoo-prompts.ts';
import { itemsIn, objectOf, scalarIn } from './source.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What a row of a data set contains, before it becomes a case. */
export interface MappedRow {
  prompt: readonly TestMessage[];
  followUps?: readonly string[] | undefined;
  expected: readonly string[];
  use: ExpectedUse;
  /** The name of the column with the expected text, for the summary. */
  expectedColumn: string;
  id?: string | undefined;
  label?: string | undefined;
  tags?: readonly string[] | undefined;
  metadata?: Fields | undefined;
}

/** A form of rows that people have. */
export interface RowFormat {
  name: string;
  /** Returns whether rows with these columns have this form. */
  fits: (row: Fields) => boolean;
  /** What becomes of its columns, for the summary. */
  summary: string;
  /** Throws kind `usage` for a row that cannot be read. */
  map: (row: Fields, place: string) => MappedRow;
  /** Columns that are neither variables nor used. */
  used: readonly string[];
  /** Columns that orx does not use, although the answers may depend on them. */
  notRun?: readonly string[];
}

const PROMPT_COLUMNS = ['question', 'prompt', 'instruction', 'input', 'text', 'query'] as const;
const EXPECTED_COLUMNS = [
  'answer',
  'target',
  'output',
  'label',
  'completion',
  'expected',
  'reference',
  'ideal',
  'answer_matching_behavior',
] as const;

/** The formats, the most particular first. The last one fits every row with a prompt. */
export const ROW_FORMATS: readonly RowFormat[] = [
  {
    name: 'MT-Bench questions',
    fits: (row) => Array.isArray(row['turns']) && row['question_id'] !== undefined,
    summary: 'turns → messages of one conversation, asked in sequence',
    used: ['question_id', 'turns', 'reference', 'category'],
    map(row) {
      const [first, ...followUps] = itemsIn(row['turns']).map((turn) => textIn(turn, 'a turn'));
      const category = scalarIn(row['category']);
      return {
        prompt: [{ role: 'user', text: first ?? '' }],
        followUps,
        // The reference of the last turn: its answer is the one that is evaluated.
        expected: itemsIn(row['reference'])
          .slice(-1)
          .flatMap((one) => scalarIn(one) ?? []),
        use: 'by length',
        expectedColumn: 'reference',
        id: scalarIn(row['question_id']),
        tags: category === undefined ? [] : [category],
      };
    },
  },
  {
    name: 'messages (chat)',
    fits: (row) => Array.isArray(row['messages']),
    summary: 'messages → prompt; a last message of the assistant is not sent',
    used: ['messages', 'id'],
    notRun: ['tools', 'functions'],
    map: (row, place) => chatRow(messagesOf(itemsIn(row['messages']), place), row, 'the last message'),
  },
  {
    name: 'ShareGPT conversations',
    fits: (row) => Array.isArray(row['conversations']),
    summary: 'conversations → prompt; a last message of the model is not sent',
    used: ['conversations', 'id'],
    map(row, place) {
      const roles: Readonly<Record<string, string>> = {
        human: 'user',
        gpt: 'assistant',
        chatgpt: 'assistant',
        bing: 'assistant',
      };
      const list = itemsIn(row['conversations']).map((one) => {
        const { from, value, role, content } = objectOf(one) ?? {};
        const name = String(from ?? role);
        return { role: roles[name] ?? name, content: value ?? content };
      });
      return chatRow(messagesOf(list, place), row, 'the last message');
    },
  },
  {
    name: 'OpenAI evals samples',
    fits: (row) => row['input'] !== undefined && row['ideal'] !== undefined,
    summary: 'input → prompt',
    used: ['input', 'ideal'],
    map: (row, place) => ({
      prompt: inputMessages(row['input'], place),
      expected: itemsIn(row['ideal']).flatMap((one) => scalarIn(one) ?? []),
      use: 'contains-any',
      expectedColumn: 'ideal',
    }),
  },
  {
    name: 'Inspect samples',
    fits: (row) => row['input'] !== undefined && 'target' in row,
    summary: 'input → prompt',
    used: ['input', 'target', 'choices', 'metadata', 'id'],
    notRun: ['files', 'sandbox', 'setup'],
    map: inspectRow,
  },
  {
    name: 'self-instruct tasks',
    fits: (row) => row['instruction'] !== undefined && Array.isArray(row['instances']),
    summary: 'instruction and the input of the first instance → prompt',
    used: ['instruction', 'instances', 'id', 'name'],
    map(row) {
      const instance = objectOf(itemsIn(row['instances'])[0]) ?? {};
      return {
        prompt: user(withInput(textIn(row['instruction'], 'instruction'), scalarIn(instance['input']))),
        expected: itemsIn(instance['output']).flatMap((one) => scalarIn(one) ?? []),
        use: 'reference',
        expectedColumn: 'output',
        id: scalarIn(row['id']),
        label: scalarIn(row['name']),
      };
    },
  },
  {
    name: 'LLM Comparator results',
    fits: (row) => row['input_text'] !== undefined && row['output_text_a'] !== undefined,
    summary: 'input_text → prompt; the answers and the score of the file are metadata',
    used: ['input_text', 'tags', 'output_text_a', 'output_text_b', 'score'],
    map: (row) => ({
      prompt: user(textIn(row['input_text'], 'input_text')),
      expected: [],
      use: 'by length',
      expectedColumn: '',
      tags: itemsIn(row['tags']).flatMap((one) => scalarIn(one) ?? []),
      metadata: { answerA: row['output_text_a'], answerB: row['output_text_b'], score: row['score'] },
    }),
  },
];

/** Returns the form of question and answer columns, or undefined if no column is a prompt. `map` names columns. */
export function questionFormat(row: Fields, map: Readonly<Record<string, string>>): RowFormat | undefined {
  const columns = Object.keys(row);
  const find = (names: readonly string[]): string | undefined =>
    names.map((name) => columns.find((column) => column.toLowerCase().trim() === name)).find((column) => column !== undefined);
  const prompt = map['prompt'] ?? find(PROMPT_COLUMNS);
  if (prompt === undefined) return undefined;
  const rest = columns.filter((column) => column !== prompt);
  // A file of prompts for promptfoo: the label is a name.
  const isLabelled = map['expected'] === undefined && columns.length === 2 && prompt === 'prompt' && rest[0] === 'label';
  const input = find(['instruction']) === prompt ? find(['input']) : undefined;
  const expected =
    map['expected'] ??
    (isLabelled
      ? undefined
      : find(EXPECTED_COLUMNS.filter((name) => rest.some((one) => one.toLowerCase().trim() === name && one !== input))));
  const label = map['label'] ?? (isLabelled ? 'label' : undefined);
  const { id = find(['id']), system } = map;
  const used = [prompt, input, expected, label, id, system].filter((name) => name !== undefined);
  return {
    name: 'questions',
    fits: () => true,
    summary: `${prompt}${input === undefined ? '' : ` and ${input}`} → prompt${system === undefined ? '' : `, ${system} → system prompt`}${label === undefined ? '' : `, ${label} → name`}`,
    used,
    map(own, place) {
      const text = withInput(promptText(own, prompt), input === undefined ? undefined : scalarIn(own[input]));
      const instruction = system === undefined ? undefined : scalarIn(own[system]);
      const asked = Array.isArray(own[prompt]) ? messagesOf(own[prompt] as unknown[], place) : user(text);
      return {
        prompt: instruction === undefined ? asked : [{ role: 'system', text: instruction }, ...asked],
        expected: expected === undefined ? [] : expectedTexts(own[expected], expected),
        use: 'by length',
        expectedColumn: expected ?? '',
        id: id === undefined ? undefined : scalarIn(own[id]),
        label: label === undefined ? undefined : scalarIn(own[label]),
      };
    },
  };
}

/** GSM8K has the reasoning first and the number after `####`; Anthropic's sets have a leading blank; SQuAD an object with `text`. */
function expectedTexts(value: unknown, column: string): string[] {
  const inner = objectOf(value)?.['text'] ?? value;
  return itemsIn(inner)
    .flatMap((one) => scalarIn(one) ?? [])
    .map((text) => {
      const mark = column === 'answer' ? text.lastIndexOf('\n#### ') : -1;
      return mark === -1 ? text.trim() : text.slice(mark + '\n#### '.length).trim();
    });
}

function inspectRow(row: Fields, place: string): MappedRow {
  const choices = listIn(row['choices']);
  const messages = inputMessages(row['input'], place);
  const last = messages.at(-1);
  const isChoice = choices.length > 0;
  const options = choices.map((choice, index) => `${String.fromCodePoint('A'.codePointAt(0)! + index)}) ${choice}`).join('\n');
  return {
    prompt:
      isChoice && last !== undefined
        ? [...messages.slice(0, -1), { ...last, text: `${last.text}\n\n${options}\n\nAnswer with one letter.` }]
        : messages,
    expected: itemsIn(row['target']).flatMap((one) => scalarIn(one) ?? []),
    use: isChoice ? 'choice' : 'by length',
    expectedColumn: 'target',
    id: scalarIn(row['id']),
    metadata: metadataIn(row['metadata']),
  };
}

function inputMessages(value: unknown, place: string): readonly TestMessage[] {
  if (Array.isArray(value)) return messagesOf(value, place);
  const text = scalarIn(value);
  if (text === undefined) throw usageError('input is neither text nor a list of messages');
  // A CSV cell may contain the messages as JSON.
  return text.startsWith('[{') ? (chatIn(text, place) ?? user(text)) : user(text);
}

function chatIn(text: string, place: string): readonly TestMessage[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((one) => objectOf(one)?.['role'] !== undefined)
      ? messagesOf(value, place)
      : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The messages before a last one of the assistant are the prompt. */
function chatRow(messages: readonly TestMessage[], row: Fields, column: string): MappedRow {
  const last = messages.at(-1);
  const isAnswered = last?.role === 'assistant';
  const prompt = isAnswered ? messages.slice(0, -1) : messages;
  if (!prompt.some(({ role }) => role === 'user')) throw usageError('the conversation has no user message');
  return {
    prompt,
    expected: isAnswered ? [last.text] : [],
    use: 'reference',
    expectedColumn: column,
    id: scalarIn(row['id']),
  };
}

/** A list, JSON of a list, or text with commas. */
function listIn(value: unknown): readonly string[] {
  if (typeof value !== 'string') return itemsIn(value).flatMap((one) => scalarIn(one) ?? []);
  if (value.trim() === '') return [];
  try {
    const parsed: unknown = JSON.parse(value);
    if (Array.isArray(parsed)) return listIn(parsed);
  } catch {
    // Not JSON.
  }
  return value.split(',').map((item) => item.trim());
}

function metadataIn(value: unknown): Fields | undefined {
  if (typeof value !== 'string') return objectOf(value);
  if (value.trim() === '') return undefined;
  try {
    return objectOf(JSON.parse(value)) ?? { metadata: value };
  } catch {
    return { metadata: value };
  }
}

function promptText(row: Fields, column: string): string {
  const value = row[column];
  return Array.isArray(value) ? '' : textIn(value, column);
}

function textIn(value: unknown, name: string): string {
  const text = scalarIn(value);
  if (text === undefined) throw usageError(value === undefined ? `it has no ${name}` : `${name} is not text`);
  return text;
}

function withInput(instruction: string, input: string | undefined): string {
  return input === undefined || input.trim() === '' ? instruction : `${instruction}\n\n${input}`;
}

function user(text: string): readonly TestMessage[] {
  return [{ role: 'user', text }];
}
