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

export function budgetFlags(command: Command) {
  return command
    .option('--request <usd>', 'most that one request may cost')
    .option('--conversation <usd>', 'most that one conversation, or one comparison, may cost')
    .option('--day <usd>', 'most in a day')
    .option('--week <usd>', 'most in a week')
    .option('--month <usd>', 'most in a month')
    .option('--project <folder>', 'only for work in this folder, or in the repository that it belongs to')
    .option('--profile <name>', 'only for requests of this profile')
    .option('--model <id>', 'only for this model; * stands for anything, such as "anthropic/*"')
    .option('--warn <percent>', 'say so when this much of it is used (default: 80)');
}

export type ExportFlags = FlagsOf<typeof exportFlags>;
export type PruneFlags = FlagsOf<typeof pruneFlags>;
export type BudgetFlags = FlagsOf<typeof budgetFlags>;
