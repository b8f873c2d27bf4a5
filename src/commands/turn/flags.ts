import { OUTPUT_FORMATS } from '../../core/settings/settings.ts';
import { type Command, type FlagsOf, Option } from '../commander.ts';

/** How the answer is shown. */
export type AnswerFlags = FlagsOf<typeof answerFlags>;
/** Which conversation a command belongs to. */
export type TranscriptFlags = FlagsOf<typeof transcriptFlags>;

export function answerFlags(command: Command) {
  return command
    .addOption(new Option('-o, --output <format>', 'how the answer is written').choices(OUTPUT_FORMATS).default('text'))
    .option('--json', 'the same as -o json: one object with the answer, its usage, cost and times')
    .option('-u, --usage', 'the receipt also when standard error is not a terminal')
    .option('-q, --quiet', 'the answer alone: no receipt, no notices')
    .option('--raw', 'the same as --no-markdown')
    .option('-R, --no-reasoning', 'do not show the reasoning on the terminal');
}

export function transcriptFlags(command: Command) {
  return command
    .addOption(grouped('-c, --continue', 'go on with the latest conversation of this project'))
    .addOption(grouped('--session <id>', 'go on with this conversation: the beginning of its id (orx history)'))
    .addOption(grouped('--cid <id>', 'the same as --session').hideHelp())
    .addOption(grouped('--fork', 'with -c or --session: go on in a copy, and leave the conversation as it is'))
    .addOption(grouped('-n, --no-log', 'leave no trace: neither in the history nor in the ledger'))
    .addOption(grouped('--drop-oldest', 'leave out the oldest turns when a conversation does not fit the model'));
}

const grouped = <Usage extends string>(flags: Usage, description: string) =>
  new Option(flags, description).helpGroup('Conversation:');
