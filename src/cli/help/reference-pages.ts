import type { AnyCommand } from '../../commands/commander.ts';
import { commandHelpText, commandPath, isHidden } from './command-help.ts';
import { commandManPage, rootManPage } from './man-page.ts';
import { rootHelpText } from './root-help.ts';
import { HELP_TOPICS, topicText } from './topics.ts';

const COLUMNS = 80;

export interface ReferencePages {
  /** Help texts, titled by the command line that prints them. */
  texts: readonly { title: string; text: string }[];
  /** Man pages by file name. */
  manPages: Readonly<Record<string, string>>;
}

/** Returns the help of every command with every flag, and of the topics. */
export function makeReferencePages(program: AnyCommand): ReferencePages {
  const top = program.commands.filter((command) => !isHidden(command));
  return {
    texts: [
      { title: 'orx', text: rootHelpText(false, COLUMNS) },
      ...Object.entries(HELP_TOPICS).map(([name, topic]) => ({ title: `orx help ${name}`, text: topicText(topic, COLUMNS) })),
      ...top.flatMap(withInner).map((command) => ({
        title: commandPath(command),
        text: commandHelpText(command, 'own', COLUMNS),
      })),
    ],
    manPages: {
      'orx.1': rootManPage(),
      ...Object.fromEntries(top.map((command) => [`orx-${command.name()}.1`, commandManPage(withInner(command))])),
    },
  };
}

function withInner(command: AnyCommand): AnyCommand[] {
  return [command, ...command.commands.filter((inner) => !isHidden(inner)).flatMap(withInner)];
}
