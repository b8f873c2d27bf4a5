import { BENCHMARKS } from '../../core/models/benchmarks.ts';
import { MODEL_SORTS } from '../../core/models/sorts.ts';
import type { LaneFilterFlags } from '../catalogue/filter-flags.ts';
import { type Command, type FlagsOf, Option } from '../commander.ts';
import { common } from '../help-facts.ts';

/** The flags that choose the lanes of a comparison. */
export type LaneFlags = FlagsOf<typeof laneFlags> & LaneFilterFlags;

const LANES = 'Lanes:';

export function laneFlags(command: Command) {
  const repeated = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];
  return command
    .addOption(
      common(new Option('-m, --model <id>', 'model to compare (repeatable or comma-separated)'))
        .helpGroup(LANES)
        .argParser(repeated),
    )
    .addOption(common(new Option('--top <count>', 'compare the first models that match the filters')).helpGroup(LANES))
    .addOption(
      common(new Option('--sort <order>', 'order of the models for --top (default: price)'))
        .choices(MODEL_SORTS)
        .helpGroup(LANES),
    )
    .addOption(new Option('--reverse', 'reverse the order of --sort').helpGroup(LANES))
    .addOption(
      new Option('--benchmark <name>', 'for --sort value (default: intelligence)')
        .choices(BENCHMARKS)
        .default('intelligence')
        .helpGroup(LANES),
    )
    .addOption(
      common(new Option('--providers <names>', 'compare providers of a model: all or comma-separated names')).helpGroup(LANES),
    )
    .addOption(
      common(new Option('--vary <key=values>', 'compare values, such as temperature=0,1 (repeatable)'))
        .helpGroup(LANES)
        .argParser(repeated),
    )
    .addOption(common(new Option('--repeat <count>', 'answers for each lane (default: 1)')).helpGroup(LANES));
}
