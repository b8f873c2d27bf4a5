import { type Command, Option } from 'commander';
import { usageError } from '../../errors.ts';

/** Which conversation a run of chat belongs to. */
export interface TranscriptChoice {
  /** The latest one of this project. */
  continues: boolean;
  /** The one whose id begins like this. */
  session: string | undefined;
  /** A copy of it. */
  forks: boolean;
}

export const NEW_CONVERSATION: TranscriptChoice = { continues: false, session: undefined, forks: false };

/** Declares what chooses the conversation. */
export function addTranscriptOptions(command: Command): void {
  const heading = 'Conversation:';
  command
    .addOption(new Option('-c, --continue', 'go on with the latest conversation of this project').helpGroup(heading))
    .addOption(
      new Option('--session <id>', 'go on with this conversation: the beginning of its id (orx history)').helpGroup(heading),
    )
    .addOption(new Option('--cid <id>', 'the same as --session').helpGroup(heading).hideHelp())
    .addOption(
      new Option('--fork', 'with -c or --session: go on in a copy, and leave the conversation as it is').helpGroup(heading),
    )
    .addOption(new Option('-n, --no-log', 'leave no trace: neither in the history nor in the ledger').helpGroup(heading))
    .addOption(
      new Option('--drop-oldest', 'leave out the oldest turns when a conversation does not fit the model').helpGroup(heading),
    );
}

/** Flags with what `-n` means; it is short for two settings. */
export function transcriptFlags(
  flags: Readonly<Record<string, unknown>>,
  options: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return options['log'] === false ? { ...flags, history: false, ledger: false } : flags;
}

/** Throws a usage error for flags that contradict one another. */
export function transcriptChoice(options: Readonly<Record<string, unknown>>): TranscriptChoice {
  const session = (options['session'] ?? options['cid']) as string | undefined;
  const choice = { continues: options['continue'] === true, session, forks: options['fork'] === true };
  if (options['session'] !== undefined && options['cid'] !== undefined) throw usageError('--cid is --session: give one of them');
  if (choice.continues && session !== undefined) {
    throw usageError(
      '-c and --session exclude each other',
      'the latest conversation of this project: -c; a certain one: --session',
    );
  }
  if (choice.forks && !choice.continues && session === undefined) {
    throw usageError(
      '--fork copies a conversation, and none is named',
      'the latest one: -c --fork; a certain one: --session ID --fork',
    );
  }
  return choice;
}
