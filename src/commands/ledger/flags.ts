import { type Command, type FlagsOf, Option } from '../commander.ts';
import { TIME_HELP } from '../time-help.ts';

export function exportFlags(command: Command) {
  return command
    .addOption(
      new Option('-o, --output <format>', 'JSON lines that import reads, or CSV').choices(['jsonl', 'csv']).default('jsonl'),
    )
    .option('--since <when>', 'only entries from then on, such as 30d, 2026-11-01 or month')
    .option('--until <when>', 'only entries up to then')
    .addHelpText('after', TIME_HELP);
}

export function pruneFlags(command: Command) {
  return command
    .requiredOption('--before <when>', 'entries older than this, such as 365d or 2026-01-01')
    .addHelpText('after', TIME_HELP);
}

export type ExportFlags = FlagsOf<typeof exportFlags>;
export type PruneFlags = FlagsOf<typeof pruneFlags>;
