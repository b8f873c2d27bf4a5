import { messagesOf } from './promptfoo-prompts.ts';
import type { RowFormat } from './row-formats.ts';
import { type RowFields, textIn, user, withInput } from './row-values.ts';
import { itemsIn, objectOf, scalarIn } from './source.ts';

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

/** Returns the form of question and answer columns, or undefined if no column is a prompt. `map` names columns. */
export function questionFormat(row: RowFields, map: Readonly<Record<string, string>>): RowFormat | undefined {
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

/** A list of messages is no text. */
function promptText(row: RowFields, column: string): string {
  const value = row[column];
  return Array.isArray(value) ? '' : textIn(value, column);
}
