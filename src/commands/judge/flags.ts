import { type Command, type FlagsOf, Option } from '../commander.ts';
import { common } from '../help-facts.ts';

/** The flags of judges, votes and the board. */
export type JudgeFlags = FlagsOf<typeof judgeFlags>;

export function judgeFlags(command: Command) {
  return command
    .addOption(common(new Option('--judge <model>', 'let a model judge the answers, in both orders')))
    .addOption(new Option('--rubric <text>', 'criteria of the judge (@FILE reads them from a file)'))
    .addOption(new Option('--against <lane>', 'judge each answer against this lane (default: the first)'))
    .addOption(new Option('--judge-pairs', 'judge every pair of answers'))
    .addOption(new Option('--judge-score', 'score each answer from 1 to 10 instead'))
    .addOption(common(new Option('--vote', 'vote for the best answer before you see the models')))
    .addOption(
      common(new Option('--board [source]', 'show ratings: votes or judge (default: both)')).choices(['votes', 'judge']),
    );
}
