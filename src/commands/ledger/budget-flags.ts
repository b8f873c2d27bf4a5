import type { Command, FlagsOf } from '../commander.ts';

export type BudgetFlags = FlagsOf<typeof budgetFlags>;

export function budgetFlags(command: Command) {
  return command
    .option('--request <usd>', 'limit for one request')
    .option('--conversation <usd>', 'limit for one conversation or one comparison')
    .option('--day <usd>', 'limit for a day')
    .option('--week <usd>', 'limit for a week (from Monday)')
    .option('--month <usd>', 'limit for a calendar month')
    .option('--total <usd>', 'limit in total, which never starts again')
    .option('--every <duration>', 'period of --limit: 5h, 14d, 3mo')
    .option('--limit <usd>', 'limit for each period of --every')
    .option('--project <folder>', 'apply to work in this folder or its repository')
    .option('--profile <name>', 'apply to requests with this profile')
    .option('--model <id>', 'apply to this model; * is a wildcard: "anthropic/*"')
    .option('--vendor <name>', 'apply to requests to this vendor, or to openrouter')
    .option('--key <name>', 'apply to requests with this client key of orx serve')
    .option('--tag <name>', 'apply to requests with this tag')
    .option('--warn <percent>', 'warn when this much is used (default: 80)');
}
