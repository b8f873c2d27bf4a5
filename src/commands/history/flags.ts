import { type Command, type FlagsOf, Option } from '../commander.ts';
import { TIME_HELP } from '../time-help.ts';

/** Which conversations are meant. */
export function historyFilterFlags(command: Command, since: string, until: string) {
  return command
    .option('--since <when>', since)
    .option('--until <when>', until)
    .addHelpText('after', TIME_HELP)
    .option('--model <name>', 'only of a model whose name contains this')
    .option('--project <folder>', 'only of this project; . is where you are')
    .option('--limit <count>', 'no more than this', '20');
}

export function showFlags(command: Command) {
  return command
    .addOption(new Option('-o, --output <format>', 'how it is written').choices(['text', 'json', 'markdown']).default('text'))
    .option('--json', 'the same as -o json')
    .option('--last <count>', 'only this many messages of its end');
}

export function exportFlags(command: Command) {
  return command
    .addOption(new Option('-o, --output <format>', 'how it is written').choices(['markdown', 'json', 'html']).default('markdown'))
    .option('--json', 'the same as -o json')
    .option('--out-file <file>', 'write to this file')
    .option('--force', 'let --out-file replace a file');
}

export function pruneFlags(command: Command) {
  return command
    .requiredOption('--before <when>', 'not changed since then, such as 365d or 2026-01-01')
    .addHelpText('after', TIME_HELP);
}

export type HistoryFilterFlags = FlagsOf<(command: Command) => ReturnType<typeof historyFilterFlags>>;
export type ShowFlags = FlagsOf<typeof showFlags>;
export type ExportFlags = FlagsOf<typeof exportFlags>;
export type PruneFlags = FlagsOf<typeof pruneFlags>;
