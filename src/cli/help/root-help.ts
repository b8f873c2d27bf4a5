import { COMMAND_GROUPS, COMMAND_NAMES } from './command-table.ts';
import { sharedFlagGroups } from './command-help.ts';
import { type HelpItem, type HelpPage, helpPageText } from './layout.ts';

export const ABOUT = 'Chat with any language model, compare models and control what they cost.';

export const USAGE = ['orx "prompt" [flags]', 'orx <command> [flags]'];

export const ROOT_EXAMPLES = [
  'orx "Why is the sky blue?"',
  'git diff | orx chat "Review this change"',
  'orx --sandbox compare "Hello" -m openai/gpt-4o,deepseek/deepseek-chat',
];

const SEE_ALSO = 'More: orx <command> --help, orx help connection|environment|exit-codes|times';

const WIDEST_NAME = Math.max(...COMMAND_NAMES.map((name) => name.length));

/** Returns the text of `orx --help`. `isAll` adds the flags of every command. */
export function rootHelpText(isAll: boolean, columns: number): string {
  return helpPageText(rootHelpPage(isAll), columns);
}

export function rootHelpPage(isAll: boolean): HelpPage {
  return [
    // Without blank lines, so that the whole page fits on 40 rows.
    `${ABOUT}\nUsage: ${USAGE.join(', or ')}\n${SEE_ALSO}`,
    ...COMMAND_GROUPS.map(({ title, commands }) => ({
      heading: `${title}:`,
      items: commands.filter(({ name }) => name !== 'help').map(({ name, description }): HelpItem => [name, description]),
      least: WIDEST_NAME,
    })),
    { examples: ROOT_EXAMPLES },
    ...(isAll ? sharedFlagGroups() : []),
  ];
}
