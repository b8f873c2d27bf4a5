import { COMMAND_GROUPS, COMMAND_NAMES } from './command-table.ts';
import { sharedFlagGroups } from './command-help.ts';
import { exampleLines, itemLines, paragraphLines } from './layout.ts';

export const ABOUT = 'Chat with any language model, compare models and control what they cost.';

export const USAGE = ['orx "prompt" [flags]', 'orx <command> [flags]'];

export const ROOT_EXAMPLES = [
  'orx "Why is the sky blue?"',
  'git diff | orx chat "Review this change"',
  'orx --sandbox compare "Hello" -m openai/gpt-4o,deepseek/deepseek-chat',
];

const SEE_ALSO = `Help for a command: orx <command> --help
Help for a topic: orx help connection|environment|exit-codes|times`;

const WIDEST_NAME = Math.max(...COMMAND_NAMES.map((name) => name.length));

/** Returns the text of `orx --help`. `isAll` adds the flags of every command. */
export function rootHelpText(isAll: boolean, columns: number): string {
  const groups = COMMAND_GROUPS.map(({ title, commands }) =>
    itemLines(
      `${title}:`,
      commands.filter(({ name }) => name !== 'help').map(({ name, description }) => [name, description]),
      columns,
      WIDEST_NAME,
    ),
  );
  const sections = [
    paragraphLines(ABOUT, columns),
    USAGE.map((line, at) => `${at === 0 ? 'Usage: ' : '       '}${line}`),
    ...groups,
    ['Examples:', ...exampleLines(ROOT_EXAMPLES, columns)],
    ...(isAll ? sharedFlagGroups().map(({ heading, items }) => itemLines(heading, items, columns)) : []),
    paragraphLines(SEE_ALSO, columns),
  ];
  return sections.map((lines) => `${lines.join('\n')}\n`).join('\n');
}
