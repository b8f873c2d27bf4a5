import type { Command, FlagsOf } from '../commander.ts';

export type BudgetFlags = FlagsOf<typeof budgetFlags>;

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
    .option('--vendor <name>', 'only for requests to this vendor, or to openrouter')
    .option('--key <name>', 'only for requests of this client key of orx serve')
    .option('--tag <name>', 'only for requests with this tag')
    .option('--warn <percent>', 'say so when this much of it is used (default: 80)');
}
