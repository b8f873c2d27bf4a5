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

/** Commands that share a row, so that the page fits on a screen: the names after the first one, and the description. */
const SHARED_ROWS: Readonly<Record<string, readonly [others: readonly string[], description: string]>> = {
  embed: [['rerank'], 'Embed texts; sort documents by relevance to a query'],
  alias: [['fav'], 'Manage short names and favorites of models'],
  credits: [['keys'], 'Show the credits of the account; manage its API keys'],
};
/** Commands that are in the row of another one, or that the page does not list. */
const WITHOUT_ROW: ReadonlySet<string> = new Set(['help', ...Object.values(SHARED_ROWS).flatMap(([others]) => others)]);

const WIDEST_TERM = Math.max(...COMMAND_NAMES.map((name) => termOf(name).length));

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
      items: commands.filter(({ name }) => !WITHOUT_ROW.has(name)).map(rowItem),
      least: WIDEST_TERM,
    })),
    { examples: ROOT_EXAMPLES },
    ...(isAll ? sharedFlagGroups() : []),
  ];
}

function rowItem({ name, description }: { name: string; description: string }): HelpItem {
  return [termOf(name), SHARED_ROWS[name]?.[1] ?? description];
}

function termOf(name: string): string {
  return [name, ...(SHARED_ROWS[name]?.[0] ?? [])].join(', ');
}
