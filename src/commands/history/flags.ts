import { type Command, type FlagsOf, Option } from '../commander.ts';

/** Declares the flags that filter conversations. */
export function historyFilterFlags(command: Command) {
  return command
    .option('--since <when>', 'conversations changed since then, such as 30d or month')
    .option('--until <when>', 'conversations changed before the end of that time')
    .option('--model <name>', 'conversations with a model whose name contains this')
    .option('--project <folder>', 'conversations of this project (.: this folder)')
    .option('--limit <count>', 'maximum number of rows (default: 20)');
}

export function showFlags(command: Command) {
  return command
    .addOption(
      new Option('-o, --output <format>', 'output format: text, json or markdown (default: text)')
        .choices(['text', 'json', 'markdown'])
        .default('text'),
    )
    .option('--json', 'print JSON (same as -o json)')
    .option('--last <count>', 'print only the last messages');
}

export function exportFlags(command: Command) {
  return command
    .addOption(
      new Option('-o, --output <format>', 'file format: markdown, json or html (default: markdown)')
        .choices(['markdown', 'json', 'html'])
        .default('markdown'),
    )
    .option('--json', 'write JSON (same as -o json)')
    .option('--out-file <file>', 'write to this file (default: standard output)')
    .option('--force', 'let --out-file replace a file');
}

export function pruneFlags(command: Command) {
  return command.requiredOption('--before <when>', 'conversations unchanged since then (required)');
}

export type HistoryFilterFlags = FlagsOf<typeof historyFilterFlags>;
export type ShowFlags = FlagsOf<typeof showFlags>;
export type ExportFlags = FlagsOf<typeof exportFlags>;
export type PruneFlags = FlagsOf<typeof pruneFlags>;
