import type { Command, FlagsOf } from '../../commander.ts';

export type ClientKeyFlags = FlagsOf<typeof clientKeyFlags>;

export function clientKeyFlags(command: Command) {
  return command
    .option('--models <list>', 'allowed models, * is a wildcard (default: all)')
    .option('--rpm <count>', 'requests per minute')
    .option('--tpm <count>', 'tokens per minute')
    .option('--parallel <count>', 'parallel requests')
    .option('--budget <amounts>', 'limits in USD, such as 5/day or 5/day,50/month')
    .option('--expires <time>', 'expiry: a span such as 30d, or a date (default: never)')
    .option('--tags <list>', 'tags of all its requests, for usage and budgets');
}
