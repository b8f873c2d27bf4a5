import { LEDGER_SETTINGS, VECTOR_ROUTING_SETTINGS } from '../../core/settings/groups.ts';
import { type AnyCommand, type Command, type FlagsOf, Option } from '../commander.ts';
import { common } from '../help-facts.ts';
import { addSettingOptions } from '../setting-options.ts';

export type TextRowFlags = FlagsOf<typeof textRowFlags>;

const INPUT_FORMATS = ['auto', 'lines', 'jsonl', 'text'] as const;

/** Declares the flags of a command that reads texts and sends them in batches. */
export function textRowFlags(command: Command) {
  const repeated = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];
  return command
    .addOption(common(new Option('-m, --model <id>', 'model (required)')))
    .addOption(common(new Option('-f, --file <path>', 'read texts from a file, or - for stdin (repeatable)').argParser(repeated)))
    .addOption(
      common(new Option('--input-format <format>', 'input: auto, lines, jsonl or text (default: auto)').choices(INPUT_FORMATS)),
    )
    .addOption(common(new Option('--field <name>', 'JSON field with the text (repeatable, default: text)').argParser(repeated)))
    .option('--batch-size <count>', 'maximum texts per request')
    .option('--batch-tokens <count>', 'maximum estimated tokens per request')
    .option('--concurrency <count>', 'maximum requests at the same time (1-32, default: 4)')
    .addOption(common(new Option('-q, --quiet', 'print no receipt and no notices')))
    .option('-u, --usage', 'print the receipt even if stderr is not a terminal');
}

/** Declares the settings of routing and of the ledger. */
export function addRequestSettings<C extends AnyCommand>(command: C): C {
  addSettingOptions(command, VECTOR_ROUTING_SETTINGS, 'Routing:');
  return addSettingOptions(command, LEDGER_SETTINGS, 'Ledger:');
}
