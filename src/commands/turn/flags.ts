import { OUTPUT_FORMATS } from '../../core/settings/settings.ts';
import { type Command, type FlagsOf, Option } from '../commander.ts';
import { common } from '../help-facts.ts';

/** The flags for the output of an answer. */
export type AnswerFlags = FlagsOf<typeof answerFlags>;
/** The flags that select the conversation. */
export type TranscriptFlags = FlagsOf<typeof transcriptFlags>;

export function answerFlags(command: Command) {
  return command
    .addOption(
      common(new Option('-o, --output <format>', 'format: text, json or stream-json (default: text)'))
        .choices(OUTPUT_FORMATS)
        .default('text'),
    )
    .addOption(common(new Option('--json', 'print one JSON object: answer, usage, cost and times')))
    .option('-u, --usage', 'print the receipt even if stderr is not a terminal')
    .addOption(common(new Option('-q, --quiet', 'print only the answer: no receipt, no notices')))
    .addOption(common(new Option('--raw', 'show Markdown source (same as --no-markdown)')))
    .option('-R, --no-reasoning', 'hide the reasoning on the terminal');
}

export function transcriptFlags(command: Command) {
  return command
    .addOption(grouped(common(new Option('-c, --continue', 'continue the latest conversation of this project'))))
    .addOption(grouped(common(new Option('--session <id>', 'continue a conversation, by the start of its id'))))
    .addOption(grouped(new Option('--cid <id>', 'same as --session')).hideHelp())
    .addOption(grouped(new Option('--fork', 'with -c or --session: continue in a copy')))
    .addOption(grouped(common(new Option('-n, --no-log', 'do not record this request in history or ledger'))))
    .addOption(grouped(new Option('--drop-oldest', 'drop the oldest turns if the conversation is too long')));
}

const grouped = <O extends { helpGroup: (heading: string) => O }>(option: O): O => option.helpGroup('Conversation:');
