import type { AnyCommand, Option } from '../../commands/commander.ts';
import { commandHelpPage, isHidden } from './command-help.ts';
import type { HelpPage } from './layout.ts';
import { rootHelpPage } from './root-help.ts';
import { HELP_TOPICS, topicPage } from './topics.ts';

/** A stored page, with the switches that `--help` can be combined with to get it. */
export interface StoredPage {
  page: HelpPage;
  switches: readonly string[];
}

/**
 * The first line of the file with all pages: the line of each page, by the words after `orx`. The empty name is orx itself;
 * `help TOPIC` is a topic.
 */
export type PageIndex = Readonly<Record<string, number>>;

/**
 * Returns all pages of `--help` and `orx help` as lines of JSON: an index, then one page per line. Showing a page parses only
 * these two lines.
 */
export function storedPages(program: AnyCommand): string {
  const index: Record<string, number> = {};
  const lines: StoredPage[] = [];
  const add = (names: readonly string[], stored: StoredPage): void => {
    lines.push(stored);
    for (const name of names) index[name] = lines.length;
  };
  const own = switchesOf(program);
  const addCommand = (command: AnyCommand, outer: readonly string[], known: readonly string[]): void => {
    const names = outer.flatMap((start) => [command.name(), ...command.aliases()].map((name) => `${start} ${name}`.trim()));
    const switches = [...new Set([...known, ...switchesOf(command)])];
    add(names, { page: commandHelpPage(command, 'common'), switches });
    for (const inner of command.commands) if (!isHidden(inner)) addCommand(inner, names, switches);
  };
  const chat = program.commands.find((command) => command.name() === 'chat')!;
  add([''], { page: rootHelpPage(false), switches: [...new Set([...own, ...switchesOf(chat)])] });
  for (const command of program.commands) if (!isHidden(command)) addCommand(command, [''], own);
  for (const [name, topic] of Object.entries(HELP_TOPICS)) add([`help ${name}`], { page: topicPage(topic), switches: own });
  return [index, ...lines].map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** Returns the names of the flags without a value, except those that print something themselves. */
function switchesOf(command: AnyCommand): string[] {
  return command.options
    .filter(({ required, optional, long }: Option) => !required && !optional && long !== '--version')
    .flatMap(({ long, short }) => [long, short].filter((name) => typeof name === 'string'));
}
