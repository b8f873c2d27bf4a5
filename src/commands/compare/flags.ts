import { RANK_MEASURES } from '../../core/compare/rank-measures.ts';
import { type Command, type FlagsOf, Option } from '../commander.ts';

export type CompareFlags = FlagsOf<typeof compareFlags>;

export function compareFlags(command: Command) {
  return command
    .option('-m, --model <id>', 'a model to ask; two to eight, once for each or as a comma list', addModel)
    .addOption(
      new Option('-o, --output <format>', 'one after another instead of side by side: text, or json').choices(['text', 'json']),
    )
    .option('--json', 'the same as -o json: one object with all answers and the ranking')
    .addOption(new Option('--rank-by <measure>', 'order of the ranking').choices(RANK_MEASURES).default('cost'))
    .option('-u, --usage', 'a receipt for each answer on standard error')
    .option('-q, --quiet', 'the answers alone: no ranking, no notices')
    .option('--raw', 'the same as --no-markdown');
}

function addModel(model: string, models: readonly string[] = []): readonly string[] {
  return [...models, model];
}
