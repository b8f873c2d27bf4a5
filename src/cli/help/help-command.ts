import type { AnyCommand } from '../../commands/commander.ts';
import { withHelp } from '../../commands/help-facts.ts';
import type { RegisterCommand } from '../../commands/register.ts';
import { nearestWord } from '../../core/text/near-names.ts';
import { type OrxError, usageError } from '../../errors.ts';
import { write } from '../../output/text/write-stream.ts';
import { commandHelpText, commandPath } from './command-help.ts';
import { COMMAND_NAMES, findCommandRow } from './command-table.ts';
import { helpColumns } from './layout.ts';
import { rootHelpText } from './root-help.ts';
import { HELP_TOPICS, topicText } from './topics.ts';

const NAMES = Object.keys(HELP_TOPICS);

/** Declares `orx help [command or topic]`. */
export const registerHelp: RegisterCommand = (program, execute) => {
  const command = withHelp(program.command('help').argument('[topic...]', 'a command such as "history show", or a topic'), {
    examples: ['orx help chat', 'orx help history show', 'orx help environment'],
    notes: `\nTopics: ${NAMES.join(', ')}`,
  });
  execute(command, () =>
    Promise.resolve({
      parse: ({ words }: { words: readonly string[] }) => words,
      async run(words: readonly string[], { terminal: { streams } }) {
        await write(streams.stdout, pageText(program as unknown as AnyCommand, words, helpColumns(streams.stdout.columns)));
        return 0;
      },
    }),
  );
};

/** Throws a usage error for a word that is neither a command nor a topic. */
function pageText(program: AnyCommand, [first, ...rest]: readonly string[], columns: number): string {
  if (first === undefined) return rootHelpText(false, columns);
  const topic = Object.hasOwn(HELP_TOPICS, first) ? HELP_TOPICS[first] : undefined;
  if (topic !== undefined && rest.length === 0) return topicText(topic, columns);
  const row = findCommandRow(first);
  const top = row && program.commands.find((command) => command.name() === row.name);
  if (top === undefined) throw unknownPage(first, 'orx', [...COMMAND_NAMES, ...NAMES]);
  let command: AnyCommand = top;
  for (const word of rest) {
    const inner = command.commands.find((each) => each.name() === word || each.aliases().includes(word));
    if (inner === undefined)
      throw unknownPage(
        word,
        commandPath(command),
        command.commands.map((each) => each.name()),
      );
    command = inner;
  }
  return commandHelpText(command, 'common', columns);
}

function unknownPage(word: string, path: string, names: readonly string[]): OrxError {
  const near = nearestWord(word.toLowerCase(), names);
  const asked = path === 'orx' ? word : `${path.replace(/^orx /, '')} ${word}`;
  const meant = path === 'orx' ? near : `${path.replace(/^orx /, '')} ${near}`;
  return usageError(
    `there is no help for "${asked}"`,
    ...(near === undefined ? [] : [`did you mean: orx help ${meant}`]),
    'list the commands and topics: orx help',
  );
}
