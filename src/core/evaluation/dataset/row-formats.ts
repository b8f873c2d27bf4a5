import { usageError } from '../../../errors.ts';
import type { TestMessage } from '../test-case.ts';
import type { ExpectedUse } from './expected-text.ts';
import { messagesOf } from './promptfoo-prompts.ts';
import { inputMessages, listIn, metadataIn, type RowFields, textIn, user, withInput } from './row-values.ts';
import { itemsIn, objectOf, scalarIn } from './source.ts';
import { anyText } from '../../../text/any-text.ts';

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
  metadata?: RowFields | undefined;
}

/** A form of rows that people have. */
export interface RowFormat {
  name: string;
  /** Returns whether rows with these columns have this form. */
  fits: (row: RowFields) => boolean;
  /** What becomes of its columns, for the summary. */
  summary: string;
  /** Throws kind `usage` for a row that cannot be read. */
  map: (row: RowFields, place: string) => MappedRow;
  /** Columns that are neither variables nor used. */
  used: readonly string[];
  /** Columns that orx does not use, although the answers may depend on them. */
  notRun?: readonly string[];
}

/** The formats, the most particular first. Question and answer columns come after them: question-format.ts. */
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
        const name = anyText(from ?? role);
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

function inspectRow(row: RowFields, place: string): MappedRow {
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

/** The messages before a last one of the assistant are the prompt. */
function chatRow(messages: readonly TestMessage[], row: RowFields, column: string): MappedRow {
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
