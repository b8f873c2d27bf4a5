import { RANK_MEASURES } from '../../core/statistics/rank-measures.ts';
import { type Command, type FlagsOf, Option } from '../commander.ts';
import { common } from '../help-facts.ts';

/** The flags of how a comparison is shown. */
export type CompareFlags = FlagsOf<typeof compareFlags>;

export function compareFlags(command: Command) {
  return command
    .addOption(
      common(new Option('-o, --output <format>', 'text, json; --board, --prompts: table, csv, markdown …')).choices([
        'text',
        'json',
        'table',
        'jsonl',
        'csv',
        'markdown',
        'junit',
        'html',
      ]),
    )
    .addOption(common(new Option('--json', 'print one JSON object: all answers and the ranking')))
    .addOption(
      common(new Option('--rank-by <measure>', 'cost (default), first-token, throughput or quality')).choices(RANK_MEASURES),
    )
    .addOption(new Option('--diff [lane]', 'word diff of each answer against a lane (default: 1)'))
    .addOption(common(new Option('-u, --usage', 'print a receipt for each answer on stderr')))
    .addOption(common(new Option('-q, --quiet', 'print only the answers: no ranking, no notices')))
    .addOption(new Option('--raw', 'show Markdown source (same as --no-markdown)'))
    .addOption(new Option('--dry-run', 'print the requests without sending them'));
}
