import { RANK_MEASURES } from '../../core/compare/rank-measures.ts';
import { type Command, type FlagsOf, Option } from '../commander.ts';
import { common } from '../help-facts.ts';

export type CompareFlags = FlagsOf<typeof compareFlags>;

export function compareFlags(command: Command) {
  return command
    .addOption(common(new Option('-m, --model <id>', 'model to compare, 2 to 8 (repeatable or comma list)')).argParser(addModel))
    .addOption(common(new Option('-o, --output <format>', 'format: text (one after another) or json')).choices(['text', 'json']))
    .addOption(common(new Option('--json', 'print one JSON object: all answers and the ranking')))
    .addOption(
      common(new Option('--rank-by <measure>', 'rank by cost, first-token or throughput (default: cost)'))
        .choices(RANK_MEASURES)
        .default('cost'),
    )
    .addOption(common(new Option('-u, --usage', 'print a receipt for each answer on stderr')))
    .addOption(common(new Option('-q, --quiet', 'print only the answers: no ranking, no notices')))
    .addOption(common(new Option('--raw', 'show Markdown source (same as --no-markdown)')));
}

function addModel(model: string, models: readonly string[] = []): readonly string[] {
  return [...models, model];
}
