import { type Command, type FlagsOf, Option } from '../commander.ts';

export function exportFlags(command: Command) {
  return command
    .addOption(
      new Option('-o, --output <format>', 'format: jsonl (for import) or csv (default: jsonl)')
        .choices(['jsonl', 'csv'])
        .default('jsonl'),
    )
    .option('--since <when>', 'entries since then, such as 30d, 2026-11-01 or month')
    .option('--until <when>', 'entries until the end of that time');
}

export function pruneFlags(command: Command) {
  return command.requiredOption('--before <when>', 'entries older than this, such as 365d (required)');
}

export type ExportFlags = FlagsOf<typeof exportFlags>;
export type PruneFlags = FlagsOf<typeof pruneFlags>;
